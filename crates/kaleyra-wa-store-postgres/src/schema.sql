-- The tables of version 1. Times are milliseconds since the beginning of 1970, UTC, by the clocks of the applications; those of
-- leases are by the server's.

-- WHO SHARES THE STORE
CREATE TABLE kwa.worker(
  id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- a new one for each start, and after a lease was lost
  handles      BOOLEAN     NOT NULL,       -- whether it handles events, or only keeps callbacks
  leased_until TIMESTAMPTZ NOT NULL
);
-- Conversations are handled by the worker that has their shard.
CREATE TABLE kwa.shard(
  id     BIGINT PRIMARY KEY,
  worker BIGINT
);
INSERT INTO kwa.shard(id) SELECT generate_series(0, 255);
-- One process sends for a number.
CREATE TABLE kwa.sender_lease(
  sender TEXT PRIMARY KEY,
  worker BIGINT NOT NULL
);

-- INBOX
CREATE SEQUENCE kwa.event_id;
CREATE TABLE kwa.delivery(
  id          BIGINT PRIMARY KEY,          -- that of its first event
  received_at BIGINT NOT NULL,
  raw         BYTEA  NOT NULL
);
CREATE INDEX delivery_received ON kwa.delivery(received_at);
CREATE TABLE kwa.event(
  id           BIGINT PRIMARY KEY,         -- the order in which it was kept
  delivery     BIGINT NOT NULL,
  nth          BIGINT NOT NULL,            -- its place in the delivery
  key          BYTEA,                      -- what tells its repetition; NULL: it never is one
  conversation TEXT,
  shard        BIGINT NOT NULL,
  kind         TEXT   NOT NULL,
  state        BIGINT NOT NULL DEFAULT 0,  -- 0 waiting, 1 running | 8 handled, 9 dead, 10 dropped
  attempt      BIGINT NOT NULL DEFAULT 0,
  worker       BIGINT,                     -- who made the last attempt
  claim        BIGINT,                     -- what tells that attempt from all others; NULL once others decided about it
  due_at       BIGINT NOT NULL DEFAULT 0,
  waited       BIGINT,                     -- the pause before the last attempt, in milliseconds
  failure      TEXT,
  settled_at   BIGINT                      -- of one that waits: when it was put back
);
CREATE UNIQUE INDEX event_key      ON kwa.event(key) WHERE key IS NOT NULL;
CREATE INDEX        event_delivery ON kwa.event(delivery);
CREATE INDEX        event_live     ON kwa.event(id) WHERE state < 8;
CREATE INDEX        event_lane     ON kwa.event(conversation, id) WHERE state < 8;
CREATE INDEX        event_running  ON kwa.event(shard) WHERE state = 1;
CREATE INDEX        event_dead     ON kwa.event(id) WHERE state = 9;
CREATE INDEX        event_requeued ON kwa.event(id) WHERE state = 0 AND settled_at IS NOT NULL;
CREATE INDEX        event_settled  ON kwa.event(settled_at) WHERE state >= 8;

-- OUTBOX
CREATE TABLE kwa.send(
  id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key          TEXT    NOT NULL UNIQUE,
  digest       BYTEA   NOT NULL,
  reference    TEXT    NOT NULL UNIQUE,
  campaign     BIGINT,
  line         BIGINT,                     -- of a campaign: where it stood in the file
  sender       TEXT    NOT NULL,
  recipient    TEXT    NOT NULL,
  conversation TEXT    NOT NULL,
  body         BYTEA,                      -- the whole request; of a campaign: none, its template is filled when it flies
  fallback     BYTEA,                      -- the request in its place where the 24-hour window is closed
  params       TEXT,                       -- of a campaign: the values of its template
  purpose      BIGINT  NOT NULL,           -- 0 service, 1 authentication, 2 utility, 3 marketing
  needs_window BOOLEAN NOT NULL DEFAULT false,
  priority     BIGINT  NOT NULL,
  queued_at    BIGINT  NOT NULL DEFAULT 0,
  not_before   BIGINT  NOT NULL,
  expires_at   BIGINT,
  follows      BIGINT,                     -- the send that has to get somewhere first
  follows_to   BIGINT,                     -- the stage that it has to reach
  state        BIGINT  NOT NULL DEFAULT 0, -- 0 queued, 1 flying, 2 uncertain | 8 accepted, 9 rejected, 10 skipped, 11 expired, 12 cancelled, 13 unresolved
  attempt      BIGINT  NOT NULL DEFAULT 0,
  refusals     BIGINT  NOT NULL DEFAULT 0, -- the attempts that the server refused with "later"
  next_at      BIGINT  NOT NULL DEFAULT 0, -- the highest there is: it waits for the one that it follows
  epoch        BIGINT,                     -- the worker that it is in flight with
  claim        BIGINT,                     -- the look for work that it took off in
  flown_at     BIGINT,
  as_fallback  BOOLEAN NOT NULL DEFAULT false,
  landed_at    BIGINT,
  verdict      TEXT,
  http         BIGINT,
  code         TEXT,
  message_id   TEXT,
  retry_of     BIGINT,
  reason       TEXT
);
CREATE INDEX send_queued      ON kwa.send(sender, campaign, priority, next_at, id) WHERE state = 0;
CREATE INDEX send_open        ON kwa.send(conversation, id) WHERE state IN (0, 1, 2) AND campaign IS NULL;
CREATE INDEX send_doubt       ON kwa.send(flown_at) WHERE state IN (1, 2);
CREATE INDEX send_flown       ON kwa.send(flown_at) WHERE flown_at IS NOT NULL;
CREATE INDEX send_of_campaign ON kwa.send(campaign, id) WHERE campaign IS NOT NULL;
CREATE INDEX send_follows     ON kwa.send(follows) WHERE follows IS NOT NULL AND state = 0;
CREATE TABLE kwa.sender(
  sender       TEXT PRIMARY KEY,
  paused_at    BIGINT,
  paused_until BIGINT,                     -- NULL: until somebody resumes it
  why          TEXT
);
CREATE TABLE kwa.campaign(
  id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name          TEXT   NOT NULL UNIQUE,
  token         TEXT   NOT NULL,           -- what the references of its messages begin with
  sender        TEXT   NOT NULL,
  template      TEXT   NOT NULL,
  purpose       BIGINT NOT NULL,
  state         BIGINT NOT NULL,           -- 0 importing, 1 ready, 2 running, 3 paused, 4 done, 5 cancelled
  why           TEXT,
  rate          BIGINT,
  quiet         TEXT,                      -- when nothing is sent, and in which time zone
  expires_at    BIGINT,
  source        TEXT,
  source_sha256 BYTEA,
  source_rows   BIGINT NOT NULL DEFAULT 0, -- how many lines were read, good and bad
  made_at       BIGINT NOT NULL,
  ended_at      BIGINT
);
CREATE TABLE kwa.campaign_count(
  campaign BIGINT,
  state    BIGINT,
  n        BIGINT NOT NULL,
  PRIMARY KEY(campaign, state)
);
CREATE TABLE kwa.campaign_bad(
  campaign BIGINT,
  line     BIGINT,
  why      TEXT NOT NULL,
  PRIMARY KEY(campaign, line)
);
-- Rows that are added are counted by the batch.
CREATE FUNCTION kwa.count_send() RETURNS trigger LANGUAGE plpgsql AS $count$
BEGIN
  UPDATE kwa.campaign_count SET n = n - 1 WHERE campaign = old.campaign AND state = old.state;
  INSERT INTO kwa.campaign_count AS c(campaign, state, n) VALUES (new.campaign, new.state, 1)
    ON CONFLICT(campaign, state) DO UPDATE SET n = c.n + 1;
  RETURN NULL;
END $count$;
CREATE TRIGGER send_counted AFTER UPDATE OF state ON kwa.send FOR EACH ROW
  WHEN (new.campaign IS NOT NULL AND new.state <> old.state) EXECUTE FUNCTION kwa.count_send();

-- TRACKING, fed in the transaction that keeps the delivery
CREATE TABLE kwa.message(
  reference    TEXT PRIMARY KEY,
  reached      BIGINT,                     -- 0 accepted, 1 sent, 4 delivered, 5 read, 6 played
  failure      BIGINT,                     -- 2 not sent, 3 failed
  ids          TEXT,                       -- every id that was seen, a line each, and where
  accepted_at  BIGINT,
  sent_at      BIGINT,
  delivered_at BIGINT,
  read_at      BIGINT,
  failed_at    BIGINT,
  code         TEXT,
  title        TEXT,
  recipient    TEXT,
  changed_at   BIGINT NOT NULL
);
CREATE INDEX message_changed ON kwa.message(changed_at);
CREATE TABLE kwa.conversation(
  sender        TEXT,                      -- '': the callback does not say
  conversation  TEXT,
  user_wrote_at BIGINT,
  closed_at     BIGINT,                    -- when WhatsApp said that the 24-hour window is closed
  free_until    BIGINT,
  changed_at    BIGINT NOT NULL,
  PRIMARY KEY(sender, conversation)
);
CREATE TABLE kwa.opt_out(
  sender       TEXT,
  conversation TEXT,
  purpose      BIGINT,
  is_out       BOOLEAN NOT NULL,           -- false: the user wants them again
  since        BIGINT  NOT NULL,
  source       TEXT    NOT NULL,
  PRIMARY KEY(sender, conversation, purpose)
);

-- FOR PEOPLE with psql
CREATE VIEW kwa.inbox AS
SELECT e.id, to_timestamp(d.received_at / 1000.0) AS received_at, e.kind, e.conversation,
       CASE e.state WHEN 0 THEN 'waiting' WHEN 1 THEN 'running' WHEN 8 THEN 'handled' WHEN 9 THEN 'dead' WHEN 10 THEN 'dropped' END AS state,
       e.attempt, e.failure, to_timestamp(e.settled_at / 1000.0) AS settled_at, s.worker, d.raw
  FROM kwa.event e LEFT JOIN kwa.delivery d ON d.id = e.delivery LEFT JOIN kwa.shard s ON s.id = e.shard;
CREATE VIEW kwa.outbox AS
SELECT s.id, s.key, s.reference, s.recipient,
       CASE s.state WHEN 0 THEN 'queued' WHEN 1 THEN 'flying' WHEN 2 THEN 'uncertain' WHEN 8 THEN 'accepted' WHEN 9 THEN 'rejected'
                    WHEN 10 THEN 'skipped' WHEN 11 THEN 'expired' WHEN 12 THEN 'cancelled' WHEN 13 THEN 'unresolved' END AS state,
       s.attempt, to_timestamp(s.flown_at / 1000.0) AS flown_at, s.code, s.reason, s.body
  FROM kwa.send s;
