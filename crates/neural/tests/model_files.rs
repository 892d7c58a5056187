//! Models as files: what is read, and what is refused with which words.

use tuatara_neural::{Model, NeuralError};

const FILE: &[u8] = include_bytes!("../models/pretrained.safetensors");

/// The file with its header changed by `edit`.
fn edited(edit: impl Fn(String) -> String) -> Vec<u8> {
    let length = u64::from_le_bytes(FILE[..8].try_into().unwrap()) as usize;
    let header = String::from_utf8(FILE[8..8 + length].to_vec()).unwrap();
    let mut header = edit(header).into_bytes();
    while !header.len().is_multiple_of(8) {
        header.push(b' ');
    }
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header);
    bytes.extend(&FILE[8 + length..]);
    bytes
}

fn words(bytes: &[u8]) -> String {
    Model::from_bytes(bytes).unwrap_err().to_string()
}

#[test]
fn a_model_written_and_read_is_the_same_bytes() {
    let model = Model::from_bytes(FILE).unwrap();
    assert_eq!(model.to_bytes(), FILE);
    let [forecaster, classifier] = model.parameters();
    // 37·32 + 32 + 32·16 + 16 + 16·2 + 2, and 18·24 + 24 + 24·12 + 12 + 12 + 1.
    assert_eq!((forecaster, classifier), (1778, 769));
}

#[test]
fn wherever_a_file_is_cut_off_it_is_refused() {
    for length in 0..FILE.len() {
        let error = Model::from_bytes(&FILE[..length]).unwrap_err();
        assert!(
            matches!(error, NeuralError::Damaged { .. }),
            "{length}: {error}"
        );
    }
}

#[test]
fn a_file_of_a_later_release_says_so() {
    let later = edited(|header| header.replace("\"version\":\"1\"", "\"version\":\"9\""));
    assert_eq!(
        words(&later),
        "the model is written in version 9 of the format, and this release reads up to 1; use a \
         newer release, or train the model again with this one"
    );
}

#[test]
fn a_file_of_something_else_says_what_makes_one() {
    let other = edited(|header| header.replace("tuatara-neural\"", "other\""));
    assert!(words(&other).ends_with("this is no model of Tuatara; `tuatara train` makes one"));
}

#[test]
fn an_entry_or_a_tensor_that_cannot_be_is_named() {
    let threshold = edited(|header| header.replace("\"threshold\":\"0.", "\"threshold\":\"7."));
    assert!(words(&threshold).starts_with("the header says threshold \"7."));
    let missing = edited(|header| header.replace("classifier.typical", "classifier.unusual"));
    assert_eq!(
        words(&missing),
        "classifier.typical is missing; train the model again"
    );
    let shape = edited(|header| {
        header
            .replace("[32,37]", "[37,32]")
            .replace("[32, 37]", "[37, 32]")
    });
    assert_eq!(
        words(&shape),
        "forecaster.0.weight has the shape [37, 32], not [any, 37]; train the model again"
    );
}

/// No byte makes it panic, and no weight that is not a number gets in.
#[test]
fn a_damaged_byte_anywhere_is_no_panic() {
    for at in (0..FILE.len()).step_by(7) {
        let mut bytes = FILE.to_vec();
        bytes[at] ^= 0xff;
        let _ = Model::from_bytes(&bytes);
    }
}

#[test]
fn a_network_with_more_layers_or_outputs_than_it_says_is_refused() {
    // The name of another tensor, as long as it was.
    let deep = edited(|header| header.replace("calibration.factors", "forecaster.16.weight"));
    assert_eq!(
        words(&deep),
        "forecaster.16.weight is one layer too many: a network has 16 at most; train the model again"
    );
    let levels = edited(|header| {
        let (before, after) = header.split_once("\"quantiles\":\"").unwrap();
        let (_, after) = after.split_once('"').unwrap();
        format!("{before}\"quantiles\":\"0.005 0.1 0.5 0.9 0.995\"{after}")
    });
    assert_eq!(
        words(&levels),
        "the last of forecaster.N.weight has 2 outputs where the quantiles of the header ask for 3, and \
         for 2 at least; train the model again"
    );
}

#[test]
fn what_is_no_file_or_far_too_large_is_not_read() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let error = Model::read(folder).unwrap_err().to_string();
    assert!(error.ends_with("cannot be read: it is no file"), "{error}");
    let path = folder.join("sparse.safetensors");
    let file = std::fs::File::create(&path).unwrap();
    // A hole: nothing is written.
    file.set_len((64 << 20) + 1).unwrap();
    let error = Model::read(&path).unwrap_err().to_string();
    std::fs::remove_file(&path).unwrap();
    assert!(
        error.ends_with("it has more than 64 MiB, and no model has"),
        "{error}"
    );
}
