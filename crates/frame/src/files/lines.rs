//! Line ends of every system made one, so that rows can be counted.

use std::io::{self, Read};

/// The bytes of a text where `\r\n` and `\r` have become `\n`, and the last line has one, too.
#[derive(Debug)]
pub(super) struct Lines<R> {
    inner: R,
    after_return: bool,
    /// The last byte that was given out; a text without bytes needs no line end.
    last: u8,
}

impl<R> Lines<R> {
    pub(super) const fn new(inner: R) -> Self {
        Self {
            inner,
            after_return: false,
            last: b'\n',
        }
    }

    /// Rewrites `bytes` in place; how many are left.
    fn rewrite(&mut self, bytes: &mut [u8]) -> usize {
        if !self.after_return && !bytes.contains(&b'\r') {
            return bytes.len();
        }
        let mut kept = 0;
        for i in 0..bytes.len() {
            let byte = bytes[i];
            if !(byte == b'\n' && self.after_return) {
                bytes[kept] = if byte == b'\r' { b'\n' } else { byte };
                kept += 1;
            }
            self.after_return = byte == b'\r';
        }
        kept
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let read = self.inner.read(buffer)?;
            if read == 0 {
                if self.last == b'\n' {
                    return Ok(0);
                }
                self.last = b'\n';
                buffer[0] = b'\n';
                return Ok(1);
            }
            let kept = self.rewrite(&mut buffer[..read]);
            if kept > 0 {
                self.last = buffer[kept - 1];
                return Ok(kept);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Gives out `step` bytes at a time.
    struct Dribble<'a>(&'a [u8], usize);

    impl Read for Dribble<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    proptest! {
        #[test]
        fn all_line_ends_become_one_however_the_bytes_arrive(text in "[a\r\n]{0,12}", step in 1_usize..5) {
            let mut expected = text.replace("\r\n", "\n").replace('\r', "\n");
            if !expected.is_empty() && !expected.ends_with('\n') {
                expected.push('\n');
            }
            let mut read = String::new();
            Lines::new(Dribble(text.as_bytes(), step)).read_to_string(&mut read).unwrap();
            prop_assert_eq!(read, expected);
        }
    }
}
