//! The scene: three users write to the shop, each in one of the three documented ways.

use std::time::Duration;

use kaleyra_wa_sim::Simulator;
use kaleyra_wa_sim::callback::{MediaKind, UserMessage};
use kaleyra_wa_types::MessageId;
use kaleyra_wa_types::extra_info::ExtraInfo;
use tokio::time::timeout;

use super::bot::Bot;
use crate::exit::Exit;
use crate::show::line::Line;
use crate::show::output::say;
use crate::show::style::Tone;

/// How long a status may take after its message was accepted.
pub(super) const STATUS_DEADLINE: Duration = Duration::from_secs(10);

/// One thing that a user did, and how the webhook took it.
pub(super) struct Act {
    /// The user's number, without `+`.
    pub(super) user: &'static str,
    /// The message that the user wrote.
    pub(super) message_id: MessageId,
    /// What the webhook responded with to its callback.
    pub(super) webhook_status: u16,
}

/// All three.
pub(super) struct Scene {
    pub(super) photo: Act,
    pub(super) reaction: Act,
    pub(super) button: Act,
}

/// Lets the users write, one after the other.
pub(super) async fn play(sim: &Simulator, bot: &Bot) -> Result<Scene, Exit> {
    let about = |reference: &str| {
        ExtraInfo::new()
            .reference(reference)
            .reference1("spring campaign")
    };

    let asha = "919800000001";
    let photo = sim
        .end_user("Asha Example", asha)
        .media(MediaKind::Image, "https://example.com/media/asha/cup.jpg")
        .quoting("wamid.HBgMU0hPUFdST1RFMQ")
        .references(about("order-17"));
    let ravi = "919800000002";
    let reaction = sim
        .end_user("Ravi Example", ravi)
        .reaction("wamid.HBgMU0hPUFdST1RFMg", "😂")
        .references(about("joke-of-the-day"));
    let mina = "919800000003";
    let button = sim
        .end_user("Mina Example", mina)
        .template_button("book-again", "Book again")
        .quoting("wamid.HBgMU0hPUFdST1RFMw")
        .references(about("booking-17"));

    let one = ("1. Asha replies to the shop with a photo", "photo");
    let two = ("2. Ravi reacts to a message of the shop", "reaction");
    let three = ("3. Mina taps a button of the shop's template", "button");
    Ok(Scene {
        photo: act(sim, bot, one, asha, photo).await?,
        reaction: act(sim, bot, two, ravi, reaction).await?,
        button: act(sim, bot, three, mina, button).await?,
    })
}

async fn act(
    sim: &Simulator,
    bot: &Bot,
    (title, name): (&str, &str),
    user: &'static str,
    message: UserMessage,
) -> Result<Act, Exit> {
    say(Line::toned(Tone::Title, title))?;
    let message_id = message.id().clone();
    let mut statuses = bot.statuses();
    let told = *statuses.borrow_and_update();
    let webhook_status = {
        // The status of the answer is told below, though it may come before this callback is answered.
        let _busy = bot.transcript().busy();
        let posted = sim.post(message).await;
        let status =
            posted.map_err(|error| Exit::failed(format!("the callback was lost: {error}")))?;
        say(format!(
            "  {:<22}  {name}'s callback got {status}",
            "shop → Kaleyra"
        ))?;
        status
    };
    // Whether it has come is for the check to say.
    let _ = timeout(STATUS_DEADLINE, statuses.wait_for(|now| *now > told)).await;
    say("")?;
    Ok(Act {
        user,
        message_id,
        webhook_status,
    })
}
