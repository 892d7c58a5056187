//! Connections that are held at a time.
//!
//! Whoever opens connections and asks for nothing would otherwise take all that a process may have, and with them
//! the page. Once there is no room, the connection that has asked for nothing for the longest time makes
//! some for the next. One that is being answered stays.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Connections at most: a browser has six with each page.
pub(crate) const ROOM: usize = 64;

/// A connection.
#[derive(Debug, Default)]
struct Seat {
    is_answered: AtomicBool,
    leave: Notify,
}

/// Connections, those first that have asked for nothing for the longest time.
#[derive(Debug, Default)]
pub(crate) struct Doors {
    seats: Mutex<VecDeque<Arc<Seat>>>,
}

impl Doors {
    /// Lets one more in; none where all that are there are being answered.
    pub(crate) fn enter(self: &Arc<Self>) -> Option<Guest> {
        let mut seats = self.seats();
        if seats.len() >= ROOM {
            let is_idle = |seat: &Arc<Seat>| !seat.is_answered.load(Ordering::Relaxed);
            let idle = seats.iter().position(is_idle)?;
            if let Some(idle) = seats.remove(idle) {
                idle.leave.notify_one();
            }
        }
        let seat = Arc::new(Seat::default());
        seats.push_back(Arc::clone(&seat));
        Some(Guest {
            doors: Arc::clone(self),
            seat,
        })
    }

    fn seats(&self) -> MutexGuard<'_, VecDeque<Arc<Seat>>> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that was let in, until this is dropped.
#[derive(Debug)]
pub(crate) struct Guest {
    doors: Arc<Doors>,
    seat: Arc<Seat>,
}

impl Guest {
    /// Ends when the connection has to make room.
    pub(crate) async fn sent_away(&self) {
        self.seat.leave.notified().await;
    }

    /// The connection is being answered until what comes back is dropped.
    pub(crate) fn answered(&self) -> Answered<'_> {
        self.seat.is_answered.store(true, Ordering::Relaxed);
        Answered(self)
    }

    /// Takes its seat out, where it has one still.
    fn rise(&self, seats: &mut VecDeque<Arc<Seat>>) -> Option<Arc<Seat>> {
        let at = seats
            .iter()
            .position(|seat| Arc::ptr_eq(seat, &self.seat))?;
        seats.remove(at)
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.rise(&mut self.doors.seats());
    }
}

/// An answer under way.
#[derive(Debug)]
pub(crate) struct Answered<'g>(&'g Guest);

impl Drop for Answered<'_> {
    fn drop(&mut self) {
        let guest = self.0;
        guest.seat.is_answered.store(false, Ordering::Relaxed);
        let mut seats = guest.doors.seats();
        // It asked last of all.
        if let Some(seat) = guest.rise(&mut seats) {
            seats.push_back(seat);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> (Arc<Doors>, Vec<Guest>) {
        let doors = Arc::new(Doors::default());
        let guests = (0..ROOM).map(|_| doors.enter().unwrap()).collect();
        (doors, guests)
    }

    fn has_seat(guest: &Guest) -> bool {
        let seats = guest.doors.seats();
        seats.iter().any(|seat| Arc::ptr_eq(seat, &guest.seat))
    }

    #[test]
    fn who_asked_for_nothing_for_the_longest_time_makes_room() {
        let (doors, guests) = full();
        // The first has asked for something, and is the last to go.
        drop(guests[0].answered());
        let new = doors.enter().unwrap();
        assert!(has_seat(&guests[0]) && !has_seat(&guests[1]) && has_seat(&new));
        assert_eq!(doors.seats().len(), ROOM);
    }

    #[test]
    fn who_is_being_answered_stays() {
        let (doors, guests) = full();
        let answered: Vec<Answered<'_>> = guests.iter().map(Guest::answered).collect();
        assert!(doors.enter().is_none());
        drop(answered);
        assert!(doors.enter().is_some());
    }

    #[test]
    fn who_leaves_makes_room() {
        let (doors, mut guests) = full();
        guests.pop();
        assert_eq!(doors.seats().len(), ROOM - 1);
        let new = doors.enter().unwrap();
        assert!(guests.iter().all(has_seat) && has_seat(&new));
    }
}
