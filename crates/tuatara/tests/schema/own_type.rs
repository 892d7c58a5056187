//! A type of somebody else's, of which nothing is said.

use serde::Deserialize;
use tuatara::core::{
    BuildContext, Detector, Evaluation, Lookback, Memo, ParamError, Params, Result, Window,
};
use tuatara::frame::{SeriesView, TimeAxis};
use tuatara::spec::tree::Node;
use tuatara::spec::{Kind, reference};
use tuatara::standard_registry;

use crate::every_value::with_parameters;
use crate::files::{self, json};

#[derive(Debug)]
struct Never;

impl Detector for Never {
    fn lookback(&self, _: &TimeAxis) -> Result<Lookback> {
        Ok(Lookback::buckets(0))
    }

    fn evaluate(
        &self,
        _: SeriesView<'_>,
        _: Window,
        _: &mut Memo,
        _: &mut Evaluation,
    ) -> Result<()> {
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct CeilingParams {
    #[serde(alias = "limit")]
    ceiling: f64,
    only_hours: Option<Vec<u8>>,
}

impl Params for CeilingParams {
    const TYPE: &'static str = "CEILING";
    type Built = Box<dyn Detector>;

    fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
        let _ = (self.ceiling, self.only_hours);
        Ok(Box::new(Never))
    }
}

#[test]
fn a_type_of_your_own_has_a_schema_and_a_place_in_the_reference_for_nothing() {
    let registry = standard_registry().with::<CeilingParams>();
    let schema = files::Kind::Detection.schema(&registry);
    let hours = || Node::list([Node::from(7), Node::from(8)]);
    for (params, accepted) in [
        (vec![("ceiling", Node::from(7000))], true),
        (
            vec![("limit", Node::text("7e3")), ("onlyHours", hours())],
            true,
        ),
        (
            vec![("ceiling", Node::from(1)), ("onlyHours", Node::from(24))],
            true,
        ),
        (vec![("cieling", Node::from(7000))], false),
        (vec![("ceiling", Node::plain("high"))], false),
        (
            vec![("ceiling", Node::from(1)), ("onlyHours", Node::from(256))],
            false,
        ),
        (
            vec![("ceiling", Node::from(1)), ("timezone", Node::text("UTC"))],
            true,
        ),
    ] {
        let tree = with_parameters(Kind::Detector, "ceiling", Node::mapping(params));
        let refused = !files::Kind::Detection.refused(&tree, &registry).is_empty();
        assert_eq!(
            schema.accepts(&json(&tree)),
            accepted,
            "{}",
            tree.print().text
        );
        assert_eq!(refused, !accepted, "{}", tree.print().text);
    }
    let page = reference::page(&registry);
    assert!(page.contains("### `CEILING`"));
    assert!(page.contains("| `ceiling` | number | required | also `limit` |"));
    assert!(page.contains("| `onlyHours` | list: whole number |  |  |"));
}
