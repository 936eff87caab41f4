//! A day later: the shop writes to whoever has not written since.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// After how long a user is written to.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How many users are remembered.
const REMEMBERED: usize = 1_000;

pub(super) const STILL_INTERESTED: &str = "Are you still interested in the blue shoe?";

/// Who wrote when, by the simulator's clock.
#[derive(Default)]
pub(super) struct Reminders(Mutex<HashMap<String, Customer>>);

struct Customer {
    name: String,
    wrote: SystemTime,
    is_reminded: bool,
}

impl Reminders {
    /// A user wrote.
    pub(super) fn wrote(&self, user: &str, name: &str, at: SystemTime) {
        let mut customers = self.lock();
        if customers.len() >= REMEMBERED && !customers.contains_key(user) {
            return;
        }
        let customer = Customer {
            name: name.to_owned(),
            wrote: at,
            is_reminded: false,
        };
        customers.insert(user.to_owned(), customer);
    }

    /// Those who wrote more than a day ago and were not reminded since; they are now.
    pub(super) fn take_due(&self, now: SystemTime) -> Vec<String> {
        let mut customers = self.lock();
        let due = customers.iter_mut().filter(|(_, customer)| {
            let silent = now.duration_since(customer.wrote);
            !customer.is_reminded && silent.is_ok_and(|silent| silent > DAY)
        });
        let mut users: Vec<String> = due
            .map(|(user, customer)| {
                customer.is_reminded = true;
                user.clone()
            })
            .collect();
        users.sort();
        users
    }

    /// How a user is called.
    pub(super) fn name(&self, user: &str) -> Option<String> {
        self.lock().get(user).map(|customer| customer.name.clone())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Customer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_reminded_once_and_again_after_writing() {
        let reminders = Reminders::default();
        let now = SystemTime::UNIX_EPOCH + 10 * DAY;
        reminders.wrote("919800000001", "Asha", now);
        assert!(reminders.take_due(now + DAY).is_empty());
        let later = now + DAY + Duration::from_secs(1);
        assert_eq!(reminders.take_due(later), ["919800000001"]);
        assert!(reminders.take_due(later + DAY).is_empty());
        reminders.wrote("919800000001", "Asha", later);
        assert_eq!(reminders.take_due(later + 2 * DAY), ["919800000001"]);
        assert_eq!(reminders.name("919800000001").as_deref(), Some("Asha"));
    }
}
