//! The state file: when it is written, and what is left as it was.

mod command;

use std::io::Write;

use command::{HOURS, LIMIT, command, hours};

#[test]
fn a_state_is_not_moved_on_when_its_events_were_not_read() {
    let folder = hours();
    let args = [
        "detect",
        "limit.yaml",
        "hours.csv",
        "--quiet",
        "--state",
        "state.json",
    ];
    let mut child = command(folder.path(), args).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(ended.stderr).unwrap(),
        "error: standard output was closed before everything was written; state.json stays as it \
         was, so that the next run says it again\n"
    );
    assert!(!folder.path().join("state.json").exists());
}

#[test]
fn states_that_do_not_fit_are_refused_and_left_alone() {
    let folder = hours();
    let detect = "detect limit.yaml hours.csv --state state.json";
    for unreadable in ["", "{}", "not a state", "{\"format\":\"tuatara-carry-99\"}"] {
        folder.write("state.json", unreadable);
        let said = folder.error(detect);
        assert!(
            said.starts_with("error: state.json is no state that this version of tuatara wrote: ")
        );
        assert!(
            said.ends_with(
                "; restore the state, or name a file that is not there yet to start anew\n"
            ),
            "{said}"
        );
        assert_eq!(folder.read("state.json"), unreadable);
    }
    std::fs::remove_file(folder.path().join("state.json")).unwrap();
    folder
        .line(&format!("{detect} --until 2026-01-01T03:00"))
        .results();
    let kept = folder.read("state.json");
    folder.write("other.yaml", LIMIT.replace("max: 10", "max: 11"));
    assert!(
        folder
            .error("detect other.yaml hours.csv -q --state state.json")
            .contains("go on with the specification it was made by, or start anew without it")
    );
    assert_eq!(
        folder.error(&format!("{detect} -q --since 2026-01-01T04:00")),
        "error: the state ends at 2026-01-01T03:00:00Z, but the run starts at \
         2026-01-01T04:00:00Z; start there, so that no bucket is missed or counted twice\n"
    );
    assert_eq!(
        folder.error(&format!("{detect} -q --until 2026-01-01T01:00")),
        "error: the state ends at 2026-01-01T03:00:00Z, so a run cannot end at \
         2026-01-01T01:00:00Z; choose --until after it, or start anew without the state\n"
    );
    assert_eq!(folder.read("state.json"), kept);
    // The same settings in another layout are the same specification.
    folder.write(
        "limit.yaml",
        format!("# the same\n{}", LIMIT.replace("max: 10", "\"max\":  10")),
    );
    folder
        .line(&format!("{detect} --since 2026-01-01T03:00"))
        .results();
}

/// Writes a state that is not the one that was read, while the run waits for its data.
#[test]
fn a_state_that_another_run_has_written_meanwhile_is_left_as_it_is() {
    let folder = hours();
    for before in [None, Some("2026-01-01T02:00")] {
        if let Some(until) = before {
            std::fs::remove_file(folder.path().join("s")).unwrap();
            let first = folder.line(&format!(
                "detect limit.yaml hours.csv --state s --until {until}"
            ));
            assert_eq!(first.status, 0, "{first:?}");
        }
        let words = "detect limit.yaml - --state s".split(' ');
        let mut waiting = command(folder.path(), words).spawn().unwrap();
        let mut input = waiting.stdin.take().unwrap();
        // More than a pipe holds: the state is read before the data are.
        let padding = "2026-01-01T00:00:00Z,4\n".repeat(8000);
        input.write_all(b"timestamp,value\n").unwrap();
        input.write_all(padding.as_bytes()).unwrap();
        let other = folder.line("detect limit.yaml hours.csv --state s --until 2026-01-01T03:00");
        assert_eq!(other.status, 0, "{other:?}");
        let left = folder.read("s");
        input
            .write_all(HOURS.split_once('\n').unwrap().1.as_bytes())
            .unwrap();
        drop(input);
        let ended = waiting.wait_with_output().unwrap();
        assert_eq!(
            (ended.status.code(), ended.stdout.is_empty()),
            (Some(2), true),
            "{}",
            String::from_utf8_lossy(&ended.stderr)
        );
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(
            said.contains("error: s was written by another run since this one read it, and stays"),
            "{said}"
        );
        assert_eq!(folder.read("s"), left);
    }
    // Nothing is left beside it.
    let beside = std::fs::read_dir(folder.path()).unwrap();
    let names = beside.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(names.into_iter().all(|name| !name.ends_with(".new")));
}

#[cfg(unix)]
#[test]
fn a_first_state_takes_the_place_of_a_link_that_leads_nowhere() {
    let folder = hours();
    std::os::unix::fs::symlink("elsewhere", folder.path().join("s")).unwrap();
    // What the first run tells is nothing new to the second.
    for status in [1, 0] {
        let ran = folder.line("detect limit.yaml hours.csv --state s");
        assert_eq!(ran.status, status, "{ran:?}");
    }
    assert!(!folder.path().join("elsewhere").exists());
    assert!(folder.read("s").starts_with('{'));
}
