//! Configurations: a detection that is checked and named the same every time, or a diagnosis whose
//! places lie in the text.

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
                let diagnosis = error.diagnosis();
                assert!(diagnosis.has_errors());
                for diagnostic in diagnosis.diagnostics() {
                    assert!(
                        text.get(diagnostic.span.bytes()).is_some(),
                        "{diagnostic:?}"
                    );
                }
            }
        }
        _ => panic!("the same text was read in two ways"),
    }
}
