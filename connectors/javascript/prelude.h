// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace eventscope::javascript {

/// What a script finds besides the language: the functions of KurrentDB's projections, so that those
/// run here unchanged. What they would write (emit, linkTo …) goes nowhere.
inline constexpr const char* kPrelude = R"JS((function () {
    'use strict';
    var global = (new Function('return this'))();
    var handlers = null;
    function nothing() {}
    var chain = {};
    ['foreachStream', 'partitionBy', 'outputState', 'outputTo', 'transformBy', 'filterBy'].forEach(
        function (name) { chain[name] = function () { return chain; }; });
    chain.when = function (map) { handlers = map; return chain; };
    chain.whenAny = function (handler) { handlers = { $any: handler }; return chain; };
    ['fromAll', 'fromStream', 'fromStreams', 'fromCategory', 'fromCategories', 'fromStreamsMatching'].forEach(
        function (name) { global[name] = function () { return chain; }; });
    ['options', 'emit', 'linkTo', 'copyTo', 'linkStreamTo', 'log'].forEach(
        function (name) { global[name] = nothing; });
    global.globalThis = global;
    global.module = { exports: {} };
    function textOf(value) {
        var text = JSON.stringify(value);
        if (text === undefined) { throw new TypeError('the state is no JSON'); }
        return '{"state":' + text + '}';
    }
    function start(result) {
        if (!handlers) {
            var made = typeof global.module.exports === 'function' ? global.module.exports
                : typeof global.reduce === 'function' ? global.reduce
                : typeof result === 'function' ? result
                : Object.keys(global.module.exports).length > 0 ? global.module.exports
                : result;
            if (typeof made === 'function') { handlers = { $any: made }; }
            else if (made && typeof made === 'object') { handlers = made; }
            else { throw new TypeError('there is no reducer in it: neither fromAll().when({…}) nor module.exports nor function reduce(state, event)'); }
        }
        return textOf(typeof handlers.$init === 'function' ? handlers.$init() : {});
    }
    function apply(text) {
        var call = JSON.parse(text);
        var event = call.event;
        var own = Object.prototype.hasOwnProperty.call(handlers, event.eventType) && event.eventType[0] !== '$';
        var handler = own ? handlers[event.eventType] : handlers.$any;
        if (typeof handler !== 'function') { return textOf(call.state); }
        event.body = event.data;
        var result = handler(call.state, event);
        return textOf(result === undefined ? call.state : result);
    }
    return { start: start, apply: apply };
})())JS";

} // namespace eventscope::javascript
