"""The invariants I1-I24, from top to bottom: what must hold, and the query that finds what breaks it.

Each query runs on the tables of `evidence.py` and returns one text for each breach. `check` runs all that apply.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from order_sync.drill.breaches import Breach, Check, Invariant, Needs, When
from order_sync.drill.evidence import Evidence
from order_sync.model.states import BATCH_FINAL, BATCH_TRANSITIONS, OPEN, ROW_TRANSITIONS, BatchStatus, RowStatus
from order_sync.store.ledger.staging import PARTLY_SENT

SHOWN: Final = 5  # examples of a breach that are kept


def check(evidence: Evidence, *, quiescent: bool = False) -> list[Breach]:
    """What is broken, by number. `quiescent`: recovery came to its end, so that the rest must hold too."""
    return [breach for each in INVARIANTS if (breach := _breach(each, evidence, at_rest=quiescent)) is not None]


def checked(evidence: Evidence, *, quiescent: bool = False) -> list[Invariant]:
    """Those that `check` looks at."""
    return [each for each in INVARIANTS if any(one.applies(evidence, at_rest=quiescent) for one in each.checks)]


def _breach(invariant: Invariant, evidence: Evidence, *, at_rest: bool) -> Breach | None:
    applying = [each for each in invariant.checks if each.applies(evidence, at_rest=at_rest)]
    found = [example for each in applying for example in each.examples(evidence)]
    return Breach(invariant, tuple(found[:SHOWN]), len(found)) if found else None


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


_OPEN: Final = _listed(OPEN)
_FINAL: Final = _listed(status for status, ends in BATCH_FINAL.items() if ends)
_LEGAL_ROWS: Final = _listed(f"{was}>{to}" for was, follow in ROW_TRANSITIONS.items() for to in follow)
_LEGAL_BATCHES: Final = _listed(f"{was}>{to}" for was, follow in BATCH_TRANSITIONS.items() for to in follow)
# Where the subitem board has no key column, parent and name serve.
_KEY: Final = "coalesce(key, parent || ' ' || name)"
# Taken off the board by a person, or being taken back: the order's row says so, or the drill does.
_EXCUSED: Final = """(
    SELECT id FROM item WHERE by_people
    UNION SELECT i.item_id FROM staged s JOIN identity i ON i.order_key = s.order_key
          WHERE s.status = 'ROLLING_BACK')"""
# The last version of each order and size that was promoted, and what the identity says its item is.
_PROMOTED: Final = """(
    SELECT s.*, i.item_id AS live FROM staged s JOIN identity i ON i.key = s.key
    WHERE s.status = 'PROMOTED' AND i.state = 'PROMOTED' AND i.item_id IS NOT NULL AND s.op <> 'CANCEL'
    GROUP BY s.kind, s.key HAVING s.id = max(s.id))"""
# The rows that a call was made for; a size that was restaged has left them.
_CALLED: Final = """(
    SELECT r.request, s.* FROM call_row r JOIN staged s ON s.kind = r.kind AND s.id = r.row AND s.key = r.key)"""


def _secrets(evidence: Evidence) -> Iterable[str]:
    token = evidence.token or b""
    return (name for name, content in evidence.outputs.items() if token in content)


INVARIANTS: Final[tuple[Invariant, ...]] = (
    Invariant(1, "no duplicate", "No key is on two live items of ours, and no group was made twice.", (
        Check(f"""SELECT {_KEY} || ': ' || group_concat(id, ', ') FROM item
                  WHERE state = 'active' AND NOT by_people AND {_KEY} IS NOT NULL
                  GROUP BY {_KEY} HAVING count(*) > 1"""),
        Check("""SELECT g.title || ': ' || group_concat(g.id, ', ') FROM board_group g
                 JOIN made_group m ON m.key = g.title AND m.request IS NOT NULL
                 GROUP BY g.title HAVING count(*) > 1"""),
    )),
    Invariant(2, "promoted, one live item", "Whatever was promoted has one row in production and one live item.", (
        Check(f"""SELECT i.key || ': item ' || i.item_id FROM identity i
                  LEFT JOIN item b ON b.id = i.item_id AND b.state = 'active' AND coalesce(b.key, i.key) = i.key
                  LEFT JOIN (SELECT item_id, count(*) AS rows FROM
                             (SELECT item_id FROM production UNION ALL SELECT item_id FROM production_size)
                             GROUP BY item_id) p ON p.item_id = i.item_id
                  WHERE i.state = 'PROMOTED' AND (b.id IS NULL OR p.rows IS NOT 1)
                    AND i.item_id NOT IN {_EXCUSED}
                    AND i.order_key NOT IN
                        (SELECT order_key FROM staged WHERE op = 'CANCEL' AND status = 'PROMOTED')"""),
        Check("""SELECT 'production has item ' || p.item_id || ' of key ' || b.key FROM production p
                 JOIN item b ON b.id = p.item_id AND b.key IS NOT NULL AND b.state = 'active' AND NOT b.by_people
                 WHERE p.item_id NOT IN (SELECT item_id FROM identity WHERE item_id IS NOT NULL)"""),
    )),
    Invariant(3, "no stray", "Every live item with a key of ours is known: staged, promoted, or noted as an orphan.", (
        Check(f"""SELECT b.id || ' ' || b.name FROM item b
                  WHERE b.state = 'active' AND b.key IS NOT NULL AND NOT b.by_people
                    AND b.key NOT IN (SELECT key FROM staged WHERE status IN ({_OPEN}, 'PROMOTED'))
                    AND b.id NOT IN (SELECT item_id FROM production UNION SELECT item_id FROM production_size)
                    AND b.id NOT IN (SELECT item FROM orphan)""", When.AT_REST),
    )),
    Invariant(4, "no order lost", "Every order of the source is promoted, staged, held, or was cancelled unsent.", (
        Check(f"""SELECT w.order_key || ' ' || coalesce(w.name, '') FROM wanted w
                  WHERE w.order_key IS NOT NULL AND NOT w.cancelled
                    AND w.order_key NOT IN (SELECT order_key FROM snapshot)
                    AND w.order_key NOT IN (SELECT order_key FROM staged WHERE status IN ({_OPEN}))
                    AND w.order_key NOT IN (SELECT order_key FROM error WHERE order_key IS NOT NULL
                                            AND source_rows IS NOT NULL AND resolved IS NULL)""", When.AT_REST),
        Check("""SELECT 'without a key: ' || coalesce(w.name, w.fingerprint) FROM wanted w
                 WHERE w.order_key IS NULL AND w.fingerprint NOT IN
                    (SELECT fingerprint FROM error WHERE fingerprint IS NOT NULL AND resolved IS NULL)""",
              When.AT_REST),
    )),
    Invariant(5, "the snapshot follows production", "The snapshot has exactly the promoted orders, each with the hash "
                                                    "of what was sent.", (
        Check("""SELECT n.order_key || ': not in production' FROM snapshot n WHERE NOT EXISTS
                    (SELECT 1 FROM identity i JOIN production p ON p.item_id = i.item_id
                     WHERE i.order_key = n.order_key AND i.label IS NULL AND i.state = 'PROMOTED')"""),
        Check("""SELECT i.order_key || ': promoted, not in the snapshot' FROM identity i
                 WHERE i.label IS NULL AND i.state = 'PROMOTED'
                   AND i.order_key NOT IN (SELECT order_key FROM snapshot)"""),
        Check(f"""SELECT n.order_key || ': another version' FROM snapshot n
                  JOIN {_PROMOTED} s ON s.kind = 'item' AND s.order_key = n.order_key
                  WHERE n.source_hash IS NOT s.source_hash OR n.payload_hash IS NOT s.payload_hash"""),
    )),
    Invariant(6, "no half order", "An order in production has all its sizes, there and on the board, with the "
                                  "quantities that were promoted.", (
        Check("""SELECT o.key || ': ' || z.label || ' is ' || z.status FROM staged o
                 JOIN staged z ON z.kind = 'subitem' AND z.parent = o.id
                 WHERE o.kind = 'item' AND o.status = 'PROMOTED' AND z.status NOT IN ('PROMOTED', 'CANCELLED')"""),
        Check(f"""SELECT s.key || ': ' || s.label || ' in production' FROM {_PROMOTED} s
                  LEFT JOIN production_size p ON p.item_id = s.live
                  WHERE s.kind = 'subitem' AND (p.item_id IS NULL OR p.quantity IS NOT s.quantity)"""),
        Check(f"""SELECT s.key || ': ' || s.label || ' on the board' FROM {_PROMOTED} s
                  JOIN item b ON b.id = s.live AND b.state = 'active' AND s.live NOT IN {_EXCUSED}
                  WHERE s.kind = 'subitem' AND NOT EXISTS (SELECT 1 FROM shown v WHERE v.item = b.id
                        AND CAST(v.text AS INTEGER) = s.quantity AND v.target =
                            (SELECT value FROM setting WHERE name = 'quantity'))
                    AND s.order_key NOT IN (SELECT order_key FROM staged WHERE status IN ({_OPEN}))"""),
        Check("""SELECT p.parent || ': size ' || p.label || ' of nobody' FROM production_size p
                 JOIN identity o ON o.item_id = p.parent AND o.label IS NULL
                 LEFT JOIN identity z ON z.item_id = p.item_id AND z.state = 'PROMOTED' WHERE z.id IS NULL"""),
    )),
    Invariant(7, "counters", "The counters of a finished batch are what counting its rows gives.", (
        Check(f"""SELECT b.id || ': ' || b.total || ' rows, counted ' || count(s.id) FROM batch b
                  LEFT JOIN staged s ON s.batch = b.id WHERE b.status IN ({_FINAL}) GROUP BY b.id
                  HAVING b.total <> count(s.id)
                      OR b.successful <> coalesce(sum(s.status IN ('PROMOTED', 'API_SUCCESS')), 0)
                      OR b.failed <> coalesce(sum(s.status = 'API_FAILED'), 0)""", When.AT_REST),
        Check("""SELECT b.id || ': COMPLETED with a row ' || s.status FROM batch b JOIN staged s ON s.batch = b.id
                 WHERE b.status = 'COMPLETED' AND s.status NOT IN ('PROMOTED', 'CANCELLED')""", When.AT_REST),
    )),
    Invariant(8, "audit complete", "Every change that reached monday.com is a recorded call, and every recorded call "
                                   "has a result, or rows that were in doubt.", (
        Check("""SELECT 'request ' || w.seq || ' with key ' || w.idem_key FROM wire w
                 LEFT JOIN call c ON c.idem_key = w.idem_key WHERE w.idem_key IS NOT NULL AND c.request IS NULL""",
              needs=Needs.WIRE),
        Check("""SELECT 'request ' || w.seq || ' without a key made ' || b.id FROM wire w
                 JOIN wire_made m ON m.seq = w.seq JOIN item b ON b.id = m.item AND b.key IS NOT NULL
                 WHERE w.idem_key IS NULL AND NOT b.by_people""", needs=Needs.WIRE),
        Check(f"""SELECT c.request || ': no result, row ' || s.id || ' is ' || s.status FROM call c
                  JOIN {_CALLED} s ON s.request = c.request AND s.attempt = 1 AND s.doubts = 0
                  WHERE c.request NOT IN (SELECT request FROM result)
                    AND s.status NOT IN ('SENDING', 'IN_DOUBT', 'PENDING')"""),
        Check("""SELECT r.request || ': ' || r.kind || ' without a call' FROM call_row r
                 WHERE r.request NOT IN (SELECT request FROM call)"""),
    )),
    Invariant(9, "intent before effect", "Nothing was applied before the intent to do it was written.", (
        Check("""SELECT 'request ' || w.seq || ' before its call' FROM wire w JOIN call c ON c.idem_key = w.idem_key
                 WHERE substr(c.at, 1, 23) > substr(w.at, 1, 23)""", needs=Needs.WIRE),
        Check("""SELECT b.id || ' ' || b.key || ': not among the rows of its call' FROM wire w
                 JOIN wire_made m ON m.seq = w.seq JOIN item b ON b.id = m.item AND b.key IS NOT NULL
                 JOIN call c ON c.idem_key = w.idem_key
                 LEFT JOIN call_row r ON r.request = c.request AND r.key = b.key
                 WHERE r.key IS NULL AND b.key IN (SELECT key FROM identity)""",
              needs=Needs.WIRE),
        Check("""SELECT kind || ' ' || id || ': sent without an intent' FROM staged
                 WHERE status IN ('SENDING', 'IN_DOUBT')
                   AND (request IS NULL OR intent_at IS NULL OR request NOT IN (SELECT request FROM call))"""),
    )),
    Invariant(10, "fences rise", "Nobody writes under a fence older than the lease's, and a lease's fence only "
                                 "rises.", (
        Check("""SELECT what || ' ' || of || ': fence ' || fence || ' above its lease' FROM
                    (SELECT 'call' AS what, request AS of, fence, board FROM call
                     UNION ALL SELECT s.kind, s.id, s.fence, c.board FROM staged s JOIN call c ON c.request = s.request)
                 WHERE fence > coalesce((SELECT fence FROM lease WHERE resource = 'board:' || board), 0)"""),
        Check("""SELECT row || ': ' || was || ' to ' || becomes FROM history
                 WHERE what = 'lease' AND CAST(becomes AS INTEGER) <= CAST(was AS INTEGER)""", needs=Needs.HISTORY),
        Check("""SELECT what || ' ' || row || ': claimed under ' || fence || ', the lease was at ' || lease
                 FROM history WHERE becomes = 'SENDING' AND fence < lease""", needs=Needs.HISTORY),
    )),
    Invariant(11, "one at a time", "A key has one open row, and a board no more requests in flight than it has "
                                   "lanes.", (
        Check(f"""SELECT key || ': ' || count(*) || ' open rows' FROM staged
                  WHERE key IS NOT NULL AND status IN ({_OPEN}) GROUP BY key HAVING count(*) > 1"""),
        Check("""SELECT 'request ' || w.seq || ' while ' || group_concat(o.seq, ', ') || ' ran' FROM wire w
                 JOIN wire_board b ON b.seq = w.seq JOIN wire_board d ON d.board = b.board
                 JOIN wire o ON o.seq = d.seq AND o.seq < w.seq AND o.done > w.began
                 WHERE NOT w.late AND NOT o.late AND o.idem_key <> w.idem_key
                 GROUP BY w.seq, b.board HAVING count(*) >= (SELECT value FROM setting WHERE name = 'lanes')""",
              needs=Needs.WIRE),
    )),
    Invariant(12, "legal transitions", "A status follows only one that it may follow.", (
        Check(f"""SELECT what || ' ' || row || ': ' || was || ' to ' || becomes FROM history
                  WHERE was IS NOT NULL AND was <> becomes AND (
                        what IN ('item', 'subitem') AND was || '>' || becomes NOT IN ({_LEGAL_ROWS})
                     OR what = 'batch' AND was || '>' || becomes NOT IN ({_LEGAL_BATCHES}))""", needs=Needs.HISTORY),
        Check("""SELECT what || ' ' || row || ': begins as ' || becomes FROM history
                 WHERE was IS NULL AND what IN ('item', 'subitem') AND becomes NOT IN ('PENDING', 'BLOCKED')""",
              needs=Needs.HISTORY),
        Check(f"""SELECT kind || ' ' || id || ': ' || status FROM staged
                  WHERE status NOT IN ({_listed(RowStatus)})
                     OR status IN ('API_SUCCESS', 'PROMOTED') AND item_id IS NULL"""),
        Check(f"SELECT id || ': ' || status FROM batch WHERE status NOT IN ({_listed(BatchStatus)})"),
    )),
    Invariant(13, "doubts end", "At rest nothing is in doubt or on its way.", (
        Check("""SELECT kind || ' ' || id || ': ' || status FROM staged WHERE status IN ('SENDING', 'IN_DOUBT')
                 UNION ALL SELECT 'group ' || key || ': ' || status FROM made_group
                 WHERE status IN ('SENDING', 'IN_DOUBT')""", When.AT_REST),
    )),
    Invariant(14, "failures are told", "Every failed row has an entry in its error table with what was sent and what "
                                       "it was made from, byte for byte.", (
        Check("""SELECT s.kind || ' ' || s.id || ': no entry like it' FROM staged s
                 LEFT JOIN staged o ON o.kind = 'item' AND o.id = s.parent
                 WHERE s.status = 'API_FAILED' AND NOT EXISTS
                    (SELECT 1 FROM error e WHERE e.kind = s.kind AND e.row = s.id AND e.payload = s.payload
                     AND e.original = coalesce(s.source_row, o.source_row) AND json_valid(e.original))"""),
        Check("""SELECT h.what || ' ' || h.row || ': failed, and nothing was noted' FROM history h
                 WHERE h.what IN ('item', 'subitem') AND h.becomes = 'API_FAILED' AND NOT EXISTS
                    (SELECT 1 FROM error e WHERE e.kind = h.what AND e.row = CAST(h.row AS INTEGER)
                     AND e.payload IS NOT NULL AND e.original IS NOT NULL)""", needs=Needs.HISTORY),
    )),
    Invariant(15, "production is left alone", "Production changes only where orders are promoted or rolled back.", (
        Check(f"""SELECT p.item_id || ' ' || p.title || ': not as it was promoted' FROM production p
                  JOIN {_PROMOTED} s ON s.kind = 'item' AND s.live = p.item_id
                  WHERE p.business IS NOT s.business"""),
        Check("""SELECT h.becomes || ' of row ' || h.row || ' at ' || h.seq FROM history h
                 WHERE h.what = 'production' AND coalesce((SELECT n.becomes FROM history n
                    WHERE n.seq > h.seq AND n.what IN ('item', 'subitem', 'batch') ORDER BY n.seq LIMIT 1), '')
                 NOT IN ('PROMOTED', 'ROLLED_BACK')""", needs=Needs.HISTORY),
    )),
    Invariant(16, "rollback complete", "Of a batch that was rolled back nothing is live, in production, or in the "
                                       "snapshot.", (
        Check("""SELECT b.id || ': ' || s.kind || ' ' || s.item_id || ' is left' FROM batch b
                 JOIN staged s ON s.batch = b.id AND s.op = 'CREATE' AND s.item_id IS NOT NULL
                 WHERE b.status = 'ROLLED_BACK' AND (s.item_id IN (SELECT id FROM item WHERE state = 'active')
                    OR s.item_id IN (SELECT item_id FROM production UNION SELECT item_id FROM production_size))"""),
        Check("""SELECT b.id || ': ' || n.order_key || ' is left in the snapshot' FROM batch b
                 JOIN snapshot n ON n.batch = b.id WHERE b.status = 'ROLLED_BACK'"""),
    )),
    Invariant(17, "isolation", "A faulty row changes nothing for any other.", compared="isolated"),
    Invariant(18, "running again does nothing", "With an unchanged source a second run sends and changes nothing.",
              compared="idempotent_rerun"),
    Invariant(19, "convergence", "After any faults board and production are as after none.", compared="converged"),
    Invariant(20, "payload fidelity", "The board shows what the source says, value by value, for every order that was "
                                      "sent in its present version.", (
        Check(f"""WITH sent AS (SELECT i.item_id, w.* FROM wanted w
                    JOIN snapshot n ON n.order_key = w.order_key AND n.source_hash = w.fingerprint
                    JOIN identity i ON i.order_key = w.order_key AND i.label IS NULL AND i.state = 'PROMOTED'
                    WHERE n.payload_hash <> '{PARTLY_SENT}' AND i.item_id NOT IN {_EXCUSED}
                      AND i.key IN (SELECT key FROM staged WHERE attempt > 0 OR op <> 'CREATE')),
                  asked AS (SELECT s.item_id, v.key AS target, v.value AS text FROM sent s, json_each(s.vals) v),
                  there AS (SELECT v.item, v.target, v.text FROM shown v WHERE v.item IN (SELECT item_id FROM sent))
                  SELECT item_id || ': ' || target || ' is not ' || text FROM
                    (SELECT * FROM asked EXCEPT SELECT * FROM there)
                  UNION ALL SELECT item || ': ' || target || ' is ' || text FROM
                    (SELECT * FROM there EXCEPT SELECT * FROM asked)
                  UNION ALL SELECT b.id || ': name or group is ' || b.name || ' in ' || b.grp FROM sent s
                    JOIN item b ON b.id = s.item_id AND b.state = 'active'
                    WHERE b.name IS NOT s.name OR fold(b.grp) IS NOT fold(s.grp)
                  UNION ALL SELECT s.item_id || ': size ' || z.key || ' of ' || z.value
                    FROM sent s, json_each(s.sizes) z
                    JOIN setting q ON q.name = 'quantity' JOIN setting l ON l.name = 'size'
                    JOIN setting n ON n.name = 'size_name'
                    WHERE NOT EXISTS (SELECT 1 FROM item b
                        JOIN shown a ON a.item = b.id AND a.target = l.value AND a.text = z.key
                        JOIN shown c ON c.item = b.id AND c.target = q.value AND c.text = CAST(z.value AS TEXT)
                        WHERE b.parent = s.item_id AND b.name = replace(n.value, '{{SIZE}}', z.key))"""),
    )),
    Invariant(21, "retries are bounded", "No row is tried more often or earlier than allowed, and few calls are made "
                                         "in vain.", (
        Check("""SELECT kind || ' ' || id || ': ' || retries || ' failures' FROM staged
                 WHERE retries > (SELECT value FROM setting WHERE name = 'max_retries') + 1"""),
        Check("""SELECT what || ' ' || row || ': due ' || due || ', claimed ' || at FROM history
                 WHERE becomes = 'SENDING' AND due > at""", needs=Needs.HISTORY),
        Check("""SELECT kind || ' ' || row || ': ' || type || ' counted as its failure' FROM error
                 WHERE type IN ('THROTTLED', 'LOCKED')"""),
        Check("""SELECT count(*) || ' calls, ' || sum(applied IS 1) || ' of them useful' FROM wire
                 WHERE idem_key IS NOT NULL AND fault IS NULL AND NOT late
                 HAVING count(*) > 1.1 * coalesce(sum(applied IS 1), 0) + 10""", needs=Needs.WIRE),
    )),
    Invariant(22, "secrets", "The token stands in no log, no file, no database and no page.",
              (Check(_secrets, needs=Needs.OUTPUTS),)),
    Invariant(23, "compensation is safe", "The item that is recorded for a key is never the one that is swept away.", (
        Check("""SELECT i.item_id || ': ' || b.state || ' by ' || c.request FROM call c
                 JOIN call_row r ON r.request = c.request JOIN identity i ON i.key = r.key
                 JOIN item b ON b.id = i.item_id AND b.state <> 'active' AND NOT b.by_people
                 WHERE (c.op LIKE '%archive%' OR c.op LIKE '%delete%') AND i.order_key NOT IN
                    (SELECT order_key FROM staged WHERE op = 'CANCEL' OR status LIKE 'ROLL%')"""),
        Check("""SELECT o.item || ': recorded for ' || i.key || ', and ' || o.resolution FROM orphan o
                 JOIN identity i ON i.item_id = o.item WHERE o.resolution IN ('ARCHIVING', 'ARCHIVED')"""),
    )),
    Invariant(24, "traceability", "Every item of ours leads to its source row, batch, request, worker and payload by "
                                  "one join.", (
        Check("""SELECT b.id || ' ' || b.name FROM item b LEFT JOIN
                    (SELECT i.item_id FROM identity i
                     JOIN staged s ON s.key = i.key AND s.payload IS NOT NULL
                     JOIN staged o ON o.kind = 'item' AND o.order_key = s.order_key AND o.source_row IS NOT NULL
                          AND o.source_hash IS NOT NULL AND o.payload_hash IS NOT NULL
                     JOIN batch t ON t.id = s.batch AND t.worker IS NOT NULL
                     LEFT JOIN call_row r ON r.key = s.key AND r.kind = s.kind
                     LEFT JOIN call c ON c.request = r.request AND c.body IS NOT NULL
                     WHERE s.attempt = 0 OR c.request IS NOT NULL) traced ON traced.item_id = b.id
                 JOIN identity n ON n.key = b.key AND coalesce(n.item_id, b.id) = b.id
                 WHERE b.state = 'active' AND NOT b.by_people AND traced.item_id IS NULL""", When.AT_REST),
    )),
)  # fmt: skip
