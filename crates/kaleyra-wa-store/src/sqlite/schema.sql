-- The tables of version 1. Times are milliseconds since the beginning of 1970, UTC.

-- What is known of the store itself.
CREATE TABLE meta(name TEXT PRIMARY KEY, value ANY) STRICT;

-- INBOX
CREATE TABLE delivery(
  id          INTEGER PRIMARY KEY,         -- that of its first event
  received_at INTEGER NOT NULL,
  raw         BLOB    NOT NULL
) STRICT;

CREATE TABLE event(
  id           INTEGER PRIMARY KEY,        -- the order in which it was kept; the highest is never deleted, so none is given twice
  delivery     INTEGER NOT NULL,           -- the ids of its events have no others between them
  nth          INTEGER NOT NULL,           -- its place in the delivery
  key          BLOB,                       -- what tells its repetition; NULL: it never is one
  conversation TEXT,
  kind         TEXT    NOT NULL,
  state        INTEGER NOT NULL DEFAULT 0, -- 0 waiting, 1 running | 8 handled, 9 dead, 10 dropped
  attempt      INTEGER NOT NULL DEFAULT 0,
  due_at       INTEGER NOT NULL DEFAULT 0,
  waited       INTEGER,                    -- the pause before the last attempt, in milliseconds
  failure      TEXT,
  settled_at   INTEGER                     -- of one that waits: when it was put back
) STRICT;
CREATE UNIQUE INDEX event_key      ON event(key) WHERE key IS NOT NULL;
CREATE INDEX        event_live     ON event(conversation, id) WHERE state < 8;
CREATE INDEX        event_running  ON event(id) WHERE state = 1;
CREATE INDEX        event_dead     ON event(id) WHERE state = 9;
CREATE INDEX        event_requeued ON event(id) WHERE state = 0 AND settled_at IS NOT NULL;

-- OUTBOX
CREATE TABLE send(
  id           INTEGER PRIMARY KEY,
  key          TEXT    NOT NULL UNIQUE,
  digest       BLOB    NOT NULL,
  reference    TEXT    NOT NULL UNIQUE,
  campaign     INTEGER,
  line         INTEGER,                    -- of a campaign: where it stood in the file
  sender       TEXT    NOT NULL,
  recipient    TEXT    NOT NULL,
  conversation TEXT    NOT NULL,
  body         BLOB,                       -- the whole request; of a campaign: none, its template is filled when it flies
  fallback     BLOB,                       -- the request in its place where the 24-hour window is closed
  params       TEXT,                       -- of a campaign: the values of its template
  purpose      INTEGER NOT NULL,           -- 0 service, 1 authentication, 2 utility, 3 marketing
  needs_window INTEGER NOT NULL DEFAULT 0, -- the request may go out in the 24-hour window only
  priority     INTEGER NOT NULL,
  queued_at    INTEGER NOT NULL DEFAULT 0,
  not_before   INTEGER NOT NULL,
  expires_at   INTEGER,
  follows      INTEGER,                    -- the send that has to get somewhere first
  follows_to   INTEGER,                    -- the stage that it has to reach
  state        INTEGER NOT NULL DEFAULT 0, -- 0 queued, 1 flying, 2 uncertain | 8 accepted, 9 rejected, 10 skipped, 11 expired, 12 cancelled, 13 unresolved
  attempt      INTEGER NOT NULL DEFAULT 0,
  refusals     INTEGER NOT NULL DEFAULT 0, -- the attempts that the server refused with "later"
  next_at      INTEGER NOT NULL DEFAULT 0, -- the highest there is: it waits for the one that it follows
  epoch        INTEGER,
  flown_at     INTEGER,
  as_fallback  INTEGER,                    -- the fallback is what went out
  landed_at    INTEGER,
  verdict      TEXT,
  http         INTEGER,
  code         TEXT,
  message_id   TEXT,
  retry_of     INTEGER,
  reason       TEXT
) STRICT;
CREATE INDEX send_queued      ON send(sender, campaign, priority, next_at, id) WHERE state = 0;
CREATE INDEX send_open        ON send(conversation, id) WHERE state IN (0, 1, 2) AND campaign IS NULL;
CREATE INDEX send_doubt       ON send(flown_at) WHERE state IN (1, 2);
CREATE INDEX send_flown       ON send(flown_at) WHERE flown_at IS NOT NULL;
CREATE INDEX send_of_campaign ON send(campaign) WHERE campaign IS NOT NULL;
CREATE INDEX send_follows     ON send(follows) WHERE follows IS NOT NULL AND state = 0;
CREATE TABLE sender(
  sender       TEXT PRIMARY KEY,
  paused_at    INTEGER,
  paused_until INTEGER,                    -- NULL: until somebody resumes it
  why          TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE campaign(
  id            INTEGER PRIMARY KEY,
  name          TEXT    NOT NULL UNIQUE,
  token         TEXT    NOT NULL,          -- what the references of its messages begin with
  sender        TEXT    NOT NULL,
  template      BLOB    NOT NULL,
  purpose       INTEGER NOT NULL,
  state         INTEGER NOT NULL,          -- 0 importing, 1 ready, 2 running, 3 paused, 4 done, 5 cancelled
  why           TEXT,
  rate          INTEGER,
  quiet         TEXT,                      -- when nothing is sent, and in which time zone
  expires_at    INTEGER,
  source        TEXT,
  source_sha256 BLOB,
  source_rows   INTEGER NOT NULL DEFAULT 0,-- how many lines were read, good and bad
  made_at       INTEGER NOT NULL,
  ended_at      INTEGER
) STRICT;
CREATE TABLE campaign_count(
  campaign INTEGER,
  state    INTEGER,
  n        INTEGER NOT NULL,
  PRIMARY KEY(campaign, state)
) STRICT, WITHOUT ROWID;
CREATE TABLE campaign_bad(
  campaign INTEGER,
  line     INTEGER,
  why      TEXT NOT NULL,
  PRIMARY KEY(campaign, line)
) STRICT, WITHOUT ROWID;
-- Rows that are added are counted by the batch, since a trigger would cost an import a third of its speed.
CREATE TRIGGER send_counted AFTER UPDATE OF state ON send WHEN new.campaign IS NOT NULL AND new.state <> old.state BEGIN
  UPDATE campaign_count SET n = n - 1 WHERE campaign = old.campaign AND state = old.state;
  INSERT INTO campaign_count(campaign, state, n) VALUES (new.campaign, new.state, 1)
    ON CONFLICT(campaign, state) DO UPDATE SET n = n + 1;
END;

-- TRACKING, fed in the transaction that keeps the delivery
CREATE TABLE message(
  reference    TEXT PRIMARY KEY,
  reached      INTEGER,                    -- 0 accepted, 1 sent, 4 delivered, 5 read, 6 played
  failure      INTEGER,                    -- 2 not sent, 3 failed
  ids          TEXT,                       -- every id that was seen, a line each, and where
  accepted_at  INTEGER,
  sent_at      INTEGER,
  delivered_at INTEGER,
  read_at      INTEGER,
  failed_at    INTEGER,
  code         TEXT,
  title        TEXT,
  recipient    TEXT,
  changed_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX message_changed ON message(changed_at);
CREATE TABLE conversation(
  sender        TEXT,                      -- '': the callback does not say
  conversation  TEXT,
  user_wrote_at INTEGER,
  closed_at     INTEGER,                   -- when WhatsApp said that the 24-hour window is closed
  free_until    INTEGER,
  changed_at    INTEGER NOT NULL,
  PRIMARY KEY(sender, conversation)
) STRICT, WITHOUT ROWID;
CREATE TABLE opt_out(
  sender       TEXT,
  conversation TEXT,
  purpose      INTEGER,
  is_out       INTEGER NOT NULL,           -- 0: the user wants them again
  since        INTEGER NOT NULL,
  source       TEXT    NOT NULL,
  PRIMARY KEY(sender, conversation, purpose)
) STRICT, WITHOUT ROWID;

-- FOR PEOPLE with a SQLite shell
CREATE VIEW inbox AS
SELECT e.id,
       datetime(d.received_at / 1000, 'unixepoch') AS received_at,
       e.kind,
       e.conversation,
       CASE e.state WHEN 0 THEN 'waiting' WHEN 1 THEN 'running' WHEN 8 THEN 'handled' WHEN 9 THEN 'dead' WHEN 10 THEN 'dropped' END AS state,
       e.attempt,
       e.failure,
       datetime(e.settled_at / 1000, 'unixepoch') AS settled_at,
       CAST(d.raw AS TEXT) AS body
  FROM event e LEFT JOIN delivery d ON d.id = e.delivery;
CREATE VIEW outbox AS
SELECT s.id,
       s.key,
       s.reference,
       s.recipient,
       CASE s.state WHEN 0 THEN 'queued' WHEN 1 THEN 'flying' WHEN 2 THEN 'uncertain' WHEN 8 THEN 'accepted' WHEN 9 THEN 'rejected'
                    WHEN 10 THEN 'skipped' WHEN 11 THEN 'expired' WHEN 12 THEN 'cancelled' WHEN 13 THEN 'unresolved' END AS state,
       s.attempt,
       datetime(s.flown_at / 1000, 'unixepoch') AS flown_at,
       s.code,
       s.reason,
       CAST(s.body AS TEXT) AS body
  FROM send s;
