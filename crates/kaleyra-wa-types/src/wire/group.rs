//! Several members of one object that only make sense together.

use serde::de::{Error, MapAccess};
use serde::ser::SerializeMap;

use crate::UnknownFields;
use crate::wire::radar::Radar;

pub(crate) use super::type_set::{adjacent_set, body_set};

/// Several members of one object that make one value of the model.
pub(crate) trait Group: Sized {
    /// Whether the object makes sense without the group.
    const MAY_BE_MISSING: bool = false;

    /// What was read so far beside what stands in its place.
    type Partial: Default;

    /// What stands in the place of the group before it is read.
    fn empty() -> Self;

    /// Reads the member if it belongs to the group; `false` leaves its value unread.
    fn read_member<'de, A: MapAccess<'de>>(
        &mut self,
        partial: &mut Self::Partial,
        name: &str,
        members: &mut A,
    ) -> Result<bool, A::Error>;

    /// Completes the value once all members are read. What has no place in it goes into `unknown`.
    fn finish<E: Error>(
        &mut self,
        partial: Self::Partial,
        unknown: &mut UnknownFields,
    ) -> Result<(), E>;

    /// Writes the members.
    fn write_members<M: SerializeMap>(
        &self,
        unknown: &UnknownFields,
        members: &mut M,
    ) -> Result<(), M::Error>;

    /// Whether the value writes a member of this name itself.
    fn owns(&self, name: &str) -> bool;

    /// Writes down what is unknown inside.
    fn scan_members(&self, _radar: &mut Radar) {}
}
