// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The baseline of "order replay": reads a file of events, one JSON object a line, and folds each
// stream's order the way a plain reducer in JavaScript does. Prints the seconds that parsing and
// folding took (start-up and reading the file are not counted) and a checksum of the orders.
'use strict';
const fs = require('fs');

function fold(state, event) {
    const data = event.data;
    switch (event.type) {
    case 'OrderPlaced':
        return {
            status: 'pending', orderId: data.orderId, customerId: data.customerId, items: data.items,
            totalAmount: data.totalAmount, currency: data.currency,
        };
    case 'PaymentConfirmed':
        state.status = 'paid';
        state.payment = {paymentId: data.paymentId, amount: data.amount};
        return state;
    case 'OrderShipped':
        state.status = 'shipped';
        state.trackingNumber = data.trackingNumber;
        state.shippedAt = data.shippedAt;
        return state;
    case 'OrderCancelled': {
        const cancellation = Object.assign({}, data);
        delete cancellation.orderId;
        state.status = 'cancelled';
        state.cancellation = cancellation;
        return state;
    }
    default:
        return state;
    }
}

function rebuild(text) {
    const orders = new Map();
    for (let from = 0; from < text.length;) {
        let to = text.indexOf('\n', from);
        if (to < 0)
            to = text.length;
        const event = JSON.parse(text.slice(from, to));
        orders.set(event.stream, fold(orders.get(event.stream) || {}, event));
        from = to + 1;
    }
    return orders;
}

const bytes = fs.readFileSync(process.argv[2]);
const start = process.hrtime.bigint();
const orders = rebuild(bytes.toString('utf8'));
const seconds = Number(process.hrtime.bigint() - start) / 1e9;

let checksum = 0;
for (const order of orders.values()) {
    checksum += Math.round(order.totalAmount * 100);
    checksum += {pending: 1, paid: 2, shipped: 3, cancelled: 4}[order.status];
    checksum += order.trackingNumber ? order.trackingNumber.length : 0;
    checksum += order.payment ? Math.round(order.payment.amount * 100) : 0;
    checksum += order.cancellation ? order.cancellation.reason.length : 0;
}
console.log(JSON.stringify({seconds, checksum, orders: orders.size}));
