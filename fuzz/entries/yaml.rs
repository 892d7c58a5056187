//! Configurations: a detection that is checked and named the same every time, a subscription that
//! is read the same, or a diagnosis whose places lie in the text.

use tuatara::spec::subscription::SubscriptionSpec;
use tuatara::spec::{Diagnosis, SpecError};
use tuatara::{Detection, Error, standard_registry};

pub(crate) fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let registry = standard_registry();
    let read = || Detection::from_yaml_with(text, "spec.yaml", &registry);
    match (read(), read()) {
        (Ok((once, _)), Ok((twice, _))) => {
            assert_eq!(once.fingerprint(), twice.fingerprint());
            assert!(once.rule_names().count() > 0);
        }
        (Err(once), Err(twice)) => {
            assert_eq!(once.to_string(), twice.to_string());
            if let Error::Spec(error) = once {
                placed(&error, text);
            }
        }
        _ => panic!("the same text was read in two ways"),
    }
    subscription(text);
}

fn subscription(text: &str) {
    let _ = SubscriptionSpec::recognises(text);
    let read = || SubscriptionSpec::from_yaml(text, "group.yaml");
    match (read(), read()) {
        (Ok((once, said)), Ok((twice, _))) => {
            assert_eq!(once, twice);
            assert!(!once.summary().is_empty());
            within(&said, text);
        }
        (Err(once), Err(twice)) => {
            assert_eq!(once.to_string(), twice.to_string());
            placed(&once, text);
        }
        _ => panic!("the same text was read in two ways"),
    }
}

fn placed(error: &SpecError, text: &str) {
    assert!(error.diagnosis().has_errors());
    within(error.diagnosis(), text);
}

fn within(diagnosis: &Diagnosis, text: &str) {
    for diagnostic in diagnosis.diagnostics() {
        assert!(
            text.get(diagnostic.span.bytes()).is_some(),
            "{diagnostic:?}"
        );
    }
}
