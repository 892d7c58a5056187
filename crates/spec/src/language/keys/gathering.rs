//! What becomes one incident.

use super::{Folding, Form, KeyEntry, Level, TEXT, key, named, without_effect};
use crate::language::grouper;

const OPERATOR: KeyEntry = key(
    "operator",
    Form::Word(&grouper::OPERATORS, Folding::Case),
    "`and`: at the same time; `or`: either of the two",
);
const LEFT: KeyEntry = key("leftOp", Form::Level("operand"), "one side of `operator`");
const RIGHT: KeyEntry = key(
    "rightOp",
    Form::Level("operand"),
    "the other side of `operator`",
);

pub(super) const GROUPER: Level = Level {
    name: "a grouper",
    keys: &[
        without_effect(
            "name",
            Form::Anything,
            "its incidents go by the name of the detection",
        ),
        key(
            "type",
            Form::Word(&grouper::TYPES, Folding::Dash),
            "an expression, or everything at one time",
        )
        .required(),
        key(
            "params",
            Form::OrNothing(&Form::Params),
            "the expression of a `GROUPER`, the lengths of an `INCIDENT_GROUPER`",
        ),
    ],
    hint: "a grouper is `type:` and `params:`",
};

pub(super) const EXPRESSION: Level = Level {
    name: "`params` of a GROUPER",
    keys: &[
        key(
            "expression",
            named("names with `&&`, `||` and parentheses"),
            "what has to happen at the same time",
        )
        .default("`operator` with `leftOp` and `rightOp`"),
        OPERATOR,
        LEFT,
        RIGHT,
    ],
    hint: "write `expression: first && second`",
};

pub(super) const OPERAND: Level = Level {
    name: "an operand",
    keys: &[
        key("value", TEXT, "a name").default("`operator` with `leftOp` and `rightOp`"),
        OPERATOR,
        LEFT,
        RIGHT,
    ],
    hint: "an operand is `value: a_name`, or `operator:`, `leftOp:` and `rightOp:`",
};

pub(super) const INCIDENTS: Level = Level {
    name: "`params` of an INCIDENT_GROUPER",
    keys: &[
        key(
            "maxGap",
            Form::Length("0 to `P3660D`"),
            "the longest gap within an incident",
        )
        .default("as the `merger`"),
        key(
            "maxDuration",
            Form::Length("`PT15M` to `P3660D`"),
            "the longest an incident may become",
        )
        .default("as the `merger`"),
    ],
    hint: "what is gathered is everything; these two say across which gaps, and how long",
};
