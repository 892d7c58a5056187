//! What is known of the calendar.

use tuatara_core::Bounds;

use super::{Form, Level, TEXT, key, named};

const TIME: Form = named("date, local time or instant");

pub(super) const EVENT: Level = Level {
    name: "an event",
    keys: &[
        key("name", TEXT, "what explanations and output call it").required(),
        key(
            "start",
            TIME,
            "when it begins; dates and times without an offset by the clock of the data",
        )
        .required(),
        key(
            "end",
            TIME,
            "the first date, or instant, after it; needed where `start` is no date",
        )
        .default("one day"),
        key(
            "before",
            Form::DURATION,
            "a margin: all that it means holds from that much earlier, up to `P3660D`",
        ),
        key(
            "after",
            Form::DURATION,
            "a margin: all that it means holds for that much longer, up to `P3660D`",
        ),
        key("knownAt", TIME, "buckets that end before do not know of it").default("it was planned"),
        key(
            "filters",
            Form::OrNothing(&Form::VALUES),
            "the series it holds for: those that are nothing but these values",
        )
        .default("every series"),
        key("leaveOut", Form::Answer, "nothing is learnt from it").default("`false`"),
        key(
            "expect",
            Form::OrNothing(&Form::Number(Bounds::closed(0.0, 1e9))),
            "what is expected in it, as a multiple of the usual",
        )
        .default("1"),
        key(
            "suppress",
            Form::Either(&[Form::Answer, Form::Level("suppress")]),
            "anomalies that start in it are marked: all, or those that change as is expected",
        )
        .default("`false`"),
    ],
    hint: "an event says when it is, for whom, and what it means: `leaveOut:`, `expect:`, \
           `suppress:`",
};

pub(super) const SUPPRESS: Level = Level {
    name: "`suppress`",
    keys: &[
        key(
            "expectedChange",
            Form::Number(Bounds::FINITE),
            "the change that is expected, as a fraction: -0.4 is 40 % less",
        )
        .required(),
        key(
            "acceptableDeviation",
            Form::Number(Bounds::at_least(0.0)),
            "how far from it a change may be, both ends included",
        )
        .required(),
    ],
    hint: "the window of an event is its `start:`, `end:`, `before:` and `after:`",
};
