//! What a schema does not see.

use crate::Code;

/// What a schema accepts and a reader refuses, by the cause that the reader gives. A schema sees some
/// of each of these; here stands what it does not see.
pub const UNSEEN: &[(Code, &str)] = &[
    (
        Code::BadParameter,
        "parameters that exclude or need each other, such as a `min` above `max`; text that has to be \
         read, such as an offset that counts too far; numbers in quotes beyond their range",
    ),
    (
        Code::BadValue,
        "text that has to be read: zones, granularities, `cron`, times of events, expressions",
    ),
    (
        Code::OutOfRange,
        "lengths and delays beyond their range, `leave` above `enter`, `k` above `n`",
    ),
    (
        Code::BadNumber,
        "numbers that no 64-bit number holds, and those that YAML knows and the language does not, \
         such as `0x10` and `007`",
    ),
    (
        Code::DuplicateName,
        "names that are given twice: of detectors, detections, dimensions, metrics, links",
    ),
    (
        Code::DuplicateKey,
        "a key that is given under two of its names, such as `timezone` and `timeZone` that differ",
    ),
    (
        Code::UnknownValue,
        "names in an expression that nothing has",
    ),
    (
        Code::Conflict,
        "settings that exclude each other, such as a window that ends before it starts, or two uses of \
         one column",
    ),
    (
        Code::MissingKey,
        "keys that only the values of others make necessary, such as recipients of a mail that has none \
         of its own",
    ),
];
