//! Keeps a text in SQLite by hand.

fn main() -> rusqlite::Result<()> {
    let file = rusqlite::Connection::open("bot.db")?;
    file.execute("CREATE TABLE IF NOT EXISTS callbacks (body TEXT)", [])?;
    file.execute("INSERT INTO callbacks VALUES (?1)", ["{}"])?;
    Ok(())
}
