-- Every batch that is not final, and whatever was started in the last 24 hours.
CREATE VIEW ${view} AS
SELECT
    ${columns},
    CASE WHEN total_records > 0 THEN ROUND(100.0 * successful_records / total_records, 2) ELSE 0 END AS success_percentage
FROM ${batches}
WHERE status NOT IN (${final})
    OR start_time >= STRFTIME('%Y-%m-%dT%H:%M:%fZ', 'now', '-24 hours')
