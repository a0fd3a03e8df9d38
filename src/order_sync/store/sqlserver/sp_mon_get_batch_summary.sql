-- Per customer and kind of batch: how many there were in the last @DaysBack days, how they ended, and their rows.
CREATE PROCEDURE ${procedure}
    @CustomerName NVARCHAR(100) = NULL,
    @DaysBack INT = 7
AS
BEGIN
    SET NOCOUNT ON;

    IF @DaysBack IS NULL OR @DaysBack NOT BETWEEN 0 AND 36500
        THROW 50001, N'@DaysBack must be a number of days from 0 to 36500.', 1;

    SELECT
        customer_name,
        batch_type,
        COUNT(*) AS total_batches,
        SUM(CASE WHEN status = '${completed}' THEN 1 ELSE 0 END) AS completed_batches,
        SUM(CASE WHEN status = '${with_errors}' THEN 1 ELSE 0 END) AS completed_with_errors_batches,
        SUM(CASE WHEN status = '${failed}' THEN 1 ELSE 0 END) AS failed_batches,
        SUM(CASE WHEN status = '${rolled_back}' THEN 1 ELSE 0 END) AS rolled_back_batches,
        SUM(CASE WHEN status NOT IN (${final}) THEN 1 ELSE 0 END) AS active_batches,
        SUM(total_records) AS total_records,
        SUM(successful_records) AS successful_records,
        SUM(failed_records) AS failed_records,
        AVG(CAST(duration_seconds AS FLOAT)) AS average_duration_seconds
    FROM ${batches}
    WHERE (@CustomerName IS NULL OR customer_name = @CustomerName)
        AND start_time >= DATEADD(DAY, -@DaysBack, SYSUTCDATETIME())
    GROUP BY customer_name, batch_type
    ORDER BY customer_name, batch_type;
END;
