//! A range of IP addresses.

use std::net::IpAddr;
use std::str::FromStr;

/// All addresses that begin with the same bits: `203.0.113.0/24`, `2001:db8::/32`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    /// Whether the address is in it. An IPv4 address mapped to IPv6 still counts as IPv4.
    pub(super) fn contains(&self, address: IpAddr) -> bool {
        let differing = match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                let bits = (u32::from(ours) ^ u32::from(theirs)).leading_zeros();
                bits.min(32)
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                (u128::from(ours) ^ u128::from(theirs)).leading_zeros()
            }
            _ => return false,
        };
        differing >= self.prefix
    }
}

/// Why there is no network in the text.
///
/// ```
/// use kaleyra_wa_webhook::SourceAddresses;
///
/// let error = SourceAddresses::new(["203.0.113.0/33"]).unwrap_err();
/// println!("{error}"); // what to write instead
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no IP network: write it like 203.0.113.0/24, 2001:db8::/32 or 203.0.113.7")]
pub struct InvalidNetwork(String);

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        let invalid = || InvalidNetwork(text.to_owned());
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| invalid())?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => bits,
            // `parse` would take a sign.
            Some(prefix) if !prefix.starts_with('+') => prefix.parse().map_err(|_| invalid())?,
            Some(_) => return Err(invalid()),
        };
        if prefix > bits {
            return Err(invalid());
        }
        // An IPv4 address in IPv6's clothes has its 32 bits behind 96 others.
        Ok(match address.to_canonical() {
            canonical if canonical != address && prefix >= 96 => Self {
                address: canonical,
                prefix: prefix - 96,
            },
            _ => Self { address, prefix },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_with_its_bits_is_in_it() {
        for (network, inside, outside) in [
            ("203.0.113.0/24", "203.0.113.255", "203.0.114.0"),
            ("203.0.113.77/24", "203.0.113.0", "203.0.112.255"),
            ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"),
            ("192.0.2.128/25", "192.0.2.128", "192.0.2.127"),
            ("203.0.113.7", "203.0.113.7", "203.0.113.6"),
            ("203.0.113.7", "::ffff:203.0.113.7", "::203.0.113.7"),
            ("::ffff:203.0.113.0/120", "203.0.113.9", "203.0.114.9"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("::1", "::1", "::2"),
            ("0.0.0.0/0", "255.255.255.255", "::1"),
            ("::/0", "ffff::", "1.2.3.4"),
        ] {
            let parsed: Network = network.parse().unwrap();
            assert!(
                parsed.contains(inside.parse().unwrap()),
                "{network} {inside}"
            );
            assert!(
                !parsed.contains(outside.parse().unwrap()),
                "{network} {outside}"
            );
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in [
            "",
            "/",
            "10.0.0.0/",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "10/8",
            "10.0.0.0/8/8",
            " 10.0.0.0/8",
            "example.com",
            "010.0.0.1",
            "::ffff:1.2.3.4/129",
        ] {
            assert!(text.parse::<Network>().is_err(), "{text:?}");
        }
    }
}
