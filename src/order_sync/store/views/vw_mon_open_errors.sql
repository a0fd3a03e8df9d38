-- What stands in the way: one row for each order or size with an error that nobody has resolved, with its last failure;
-- the earlier ones are history. status is HELD where an order never was staged: correct its source_rows source rows.
CREATE VIEW ${view} AS
SELECT
    kind, customer_name, order_number, item_name, size_label, cause, message, severity, http_status_code,
    retry_count, max_retries_reached, status, next_attempt_at, open_since, last_seen, source_rows, batch_id, error_id
FROM (
    SELECT
        'order' AS kind,
        e.customer_batch AS customer_name,
        e.order_number,
        e.item_name,
        CAST(NULL AS NVARCHAR(50)) AS size_label,
        e.error_type AS cause,
        e.error_message AS message,
        e.err_severity AS severity,
        e.http_status_code,
        e.retry_count,
        COALESCE(s.stg_max_retries_reached, e.max_retries_reached) AS max_retries_reached,
        CASE WHEN e.err_source_rows IS NOT NULL THEN 'HELD' ELSE COALESCE(s.stg_status, a.stg_status) END AS status,
        s.stg_next_attempt_at AS next_attempt_at,
        MIN(e.created_date) OVER (
            PARTITION BY e.original_stg_id, CASE WHEN e.original_stg_id IS NULL THEN e.err_id END
        ) AS open_since,
        COALESCE(e.last_retry_date, e.created_date) AS last_seen,
        e.err_source_rows AS source_rows,
        e.batch_id,
        e.err_id AS error_id,
        ROW_NUMBER() OVER (
            PARTITION BY e.original_stg_id, CASE WHEN e.original_stg_id IS NULL THEN e.err_id END
            ORDER BY e.err_id DESC
        ) AS failure
    FROM ${errors} AS e
    LEFT JOIN ${staging} AS s ON s.stg_id = e.original_stg_id
    LEFT JOIN ${archive} AS a ON a.stg_id = e.original_stg_id
    WHERE e.resolved_date IS NULL
    UNION ALL
    SELECT
        'size' AS kind,
        e.customer_batch AS customer_name,
        e.order_number,
        e.subitem_name AS item_name,
        e.size_label,
        e.error_type AS cause,
        e.error_message AS message,
        e.err_severity AS severity,
        e.http_status_code,
        e.retry_count,
        COALESCE(s.stg_max_retries_reached, e.max_retries_reached) AS max_retries_reached,
        COALESCE(s.stg_status, a.stg_status) AS status,
        s.stg_next_attempt_at AS next_attempt_at,
        MIN(e.created_date) OVER (
            PARTITION BY e.original_stg_subitem_id, CASE WHEN e.original_stg_subitem_id IS NULL THEN e.err_id END
        ) AS open_since,
        COALESCE(e.last_retry_date, e.created_date) AS last_seen,
        e.err_source_rows AS source_rows,
        e.batch_id,
        e.err_id AS error_id,
        ROW_NUMBER() OVER (
            PARTITION BY e.original_stg_subitem_id, CASE WHEN e.original_stg_subitem_id IS NULL THEN e.err_id END
            ORDER BY e.err_id DESC
        ) AS failure
    FROM ${errors_subitems} AS e
    LEFT JOIN ${staging_subitems} AS s ON s.stg_subitem_id = e.original_stg_subitem_id
    LEFT JOIN ${archive_subitems} AS a ON a.stg_subitem_id = e.original_stg_subitem_id
    WHERE e.resolved_date IS NULL
) AS failures
WHERE failure = 1;
