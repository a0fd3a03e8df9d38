-- Where an order and its sizes are, and how they got there: ask it WHERE order_number = .., order_key = .. or
-- customer_name = .. One row for each time an order or size was staged (place STAGING or ARCHIVE), with the last
-- request that carried it and what came back; and one for each open cause that an order is HELD for.
CREATE VIEW ${view} AS
SELECT
    r.place,
    r.kind,
    r.customer_name,
    r.order_number,
    r.order_key,
    r.item_name,
    r.size_label,
    r.status,
    r.operation,
    r.batch_id,
    b.status AS batch_status,
    r.sync_key,
    i.generation,
    i.state AS identity_state,
    i.live_item_id,
    r.attempts,
    r.last_request_id,
    c.created_at AS sent_at,
    x.created_at AS answered_at,
    x.http_status AS http_status_code,
    x.class AS answer,
    x.monday_request_id,
    r.cause,
    r.message
FROM (
    SELECT
        'STAGING' AS place, 'order' AS kind, o.stg_customer_batch AS customer_name,
        ${order_number} AS order_number, o.stg_order_key AS order_key,
        ${title} AS item_name, CAST(NULL AS NVARCHAR(50)) AS size_label,
        o.stg_status AS status, o.stg_op AS operation, o.stg_batch_id AS batch_id, o.stg_sync_key AS sync_key,
        o.stg_attempt AS attempts, o.stg_request_id AS last_request_id,
        o.stg_error_class AS cause, o.stg_error_message AS message
    FROM ${staging} AS o
    UNION ALL
    SELECT
        'ARCHIVE', 'order', o.stg_customer_batch,
        ${order_number}, o.stg_order_key,
        ${title}, NULL,
        o.stg_status, o.stg_op, o.stg_batch_id, o.stg_sync_key,
        o.stg_attempt, o.stg_request_id,
        o.stg_error_class, o.stg_error_message
    FROM ${archive} AS o
    UNION ALL
    SELECT
        'STAGING', 'size', s.stg_customer_batch,
        ${order_number}, s.stg_order_key,
        s.stg_name, s.stg_size_label,
        s.stg_status, s.stg_op, s.stg_batch_id, s.stg_sync_key,
        s.stg_attempt, s.stg_request_id,
        s.stg_error_class, s.stg_error_message
    FROM ${staging_subitems} AS s
    INNER JOIN ${staging} AS o ON o.stg_id = s.stg_parent_stg_id
    UNION ALL
    SELECT
        'ARCHIVE', 'size', s.stg_customer_batch,
        ${order_number}, s.stg_order_key,
        s.stg_name, s.stg_size_label,
        s.stg_status, s.stg_op, s.stg_batch_id, s.stg_sync_key,
        s.stg_attempt, s.stg_request_id,
        s.stg_error_class, s.stg_error_message
    FROM ${archive_subitems} AS s
    LEFT JOIN ${archive} AS o ON o.stg_id = s.stg_parent_stg_id
    UNION ALL
    SELECT
        'HELD', 'order', e.customer_batch,
        e.order_number, e.err_order_key,
        e.item_name, NULL,
        'HELD', NULL, e.batch_id, NULL,
        0, NULL,
        e.error_type, e.error_message
    FROM ${errors} AS e
    WHERE e.resolved_date IS NULL AND e.err_source_rows IS NOT NULL
) AS r
LEFT JOIN ${batches} AS b ON b.batch_id = r.batch_id
LEFT JOIN ${identity} AS i ON i.sync_key = r.sync_key
LEFT JOIN ${calls} AS c ON c.request_id = r.last_request_id
LEFT JOIN ${call_results} AS x ON x.request_id = c.request_id
    AND x.seq = (SELECT MAX(y.seq) FROM ${call_results} AS y WHERE y.request_id = c.request_id);
