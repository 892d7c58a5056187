//! Passes over many numbers at once, in the wider registers of processors that have them.
//!
//! What is built for any x86-64 processor may use registers of two numbers alone. Where the one at
//! hand has AVX2, the same code is run as built for registers of four: eight passes side by side
//! then take about half the time where nothing is divided, and a fit by Gauss-Newton a half to two thirds. The bits are
//! those of the narrow ones: each operation is rounded by itself in both, since none is fused with another.

/// Something that is worked out in many numbers at once. `run` is to be inlined.
pub(crate) trait Wide {
    type Answer;

    fn run(self) -> Self::Answer;
}

/// Runs `work` in the widest registers there are.
#[inline]
pub(crate) fn widest<W: Wide>(work: W) -> W::Answer {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, as was just asked.
        #[expect(unsafe_code, reason = "what it saves is in the module's documentation")]
        return unsafe { with_avx2(work) };
    }
    work.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2<W: Wide>(work: W) -> W::Answer {
    work.run()
}
