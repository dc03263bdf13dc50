// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What an order cost and how far it has come:
//   eventscope replay sqlite:story.db order-7f3a91c2 --reducer order_totals.js
//
// The form is that of KurrentDB's projections. `function reduce(state, event)` and
// `module.exports = (state, event) => …` work as well; event.type, event.data, event.metadata,
// event.streamId, event.created and event.correlationId say what happened.
fromCategory('order').foreachStream().when({
    $init: function () {
        return { status: 'none', pieces: 0, total: null, steps: [] };
    },
    OrderPlaced: function (state, event) {
        state.status = 'pending';
        state.total = event.data.totalAmount;
        state.pieces = event.data.items.reduce(function (sum, item) { return sum + item.quantity; }, 0);
    },
    PaymentConfirmed: function (state) { state.status = 'paid'; },
    OrderShipped: function (state) { state.status = 'shipped'; },
    OrderCancelled: function (state) { state.status = 'cancelled'; },
    $any: function (state, event) { state.steps.push(event.type); }
});
