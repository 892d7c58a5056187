//! The files of the page.

use std::borrow::Cow;

use tuatara_report::Parts;

const HTML: &str = include_str!("page/studio.html");
const STYLE: &str = include_str!("page/studio.css");
/// The parts of the script, each about one thing, in the order in which they need each other.
const SCRIPT: [&str; 5] = [
    include_str!("page/asking.js"),
    include_str!("page/editor.js"),
    include_str!("page/knobs.js"),
    include_str!("page/results.js"),
    include_str!("page/studio.js"),
];

/// A file of the page.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) kind: &'static str,
    pub(crate) text: Cow<'static, str>,
}

/// The file called `path`, if there is one.
pub(crate) fn file(path: &str) -> Option<File> {
    let (kind, text) = match path {
        "" => ("text/html; charset=utf-8", html().into()),
        "studio.css" => (
            "text/css; charset=utf-8",
            [Parts::STYLE.concat().as_str(), STYLE].concat().into(),
        ),
        "charts.js" => ("text/javascript; charset=utf-8", Parts::SCRIPT.into()),
        "studio.js" => ("text/javascript; charset=utf-8", script().into()),
        _ => return None,
    };
    Some(File { kind, text })
}

fn html() -> String {
    HTML.replace("<!-- patterns -->", Parts::PATTERNS)
}

/// All parts in a scope of their own.
fn script() -> String {
    format!("\"use strict\";\n(() => {{\n{}}})();\n", SCRIPT.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_no_script_or_style_of_its_own_and_loads_nothing_from_elsewhere() {
        let html = html();
        assert!(!html.contains("<style") && !html.contains("style=") && !html.contains("onclick"));
        assert!(html.matches("<script").count() == html.matches("<script src=").count());
        for name in ["studio.css", "charts.js", "studio.js"] {
            assert!(html.contains(name) && file(name).is_some());
        }
        for text in [html.as_str(), STYLE, script().as_str()] {
            let foreign = text.replace("http://www.w3.org/2000/svg", "");
            assert!(!foreign.contains("http") && !foreign.contains("//localhost"));
        }
    }
}
