-- Moves orders that were over (promoted, or cancelled before they were sent) more than @DaysToKeep days ago from
-- staging to the archive, with their sizes, then deletes final batches to which nothing refers any more: what the
-- archive, the errors and the record of calls hold stays traceable. All of it or nothing; an error is rethrown.
-- The rows are chosen once, under a lock: none that becomes due between two statements is deleted unarchived. No
-- DELETE .. OUTPUT .. INTO: SQL Server refuses that where the archive has a trigger, a foreign key or a CHECK.
-- With more than some thousand orders due the staging tables are locked until it ends: run it where no run is at work.
CREATE PROCEDURE ${procedure}
    @DaysToKeep INT = 7
AS
BEGIN
    SET NOCOUNT ON;
    SET XACT_ABORT ON;

    IF @DaysToKeep IS NULL OR @DaysToKeep NOT BETWEEN 0 AND 36500
        THROW 50001, N'@DaysToKeep must be a number of days from 0 to 36500; nothing was changed.', 1;

    DECLARE @Now DATETIME2(6) = SYSUTCDATETIME();
    DECLARE @Cutoff DATETIME2(6) = DATEADD(DAY, -@DaysToKeep, @Now);
    DECLARE @Orders INT;
    DECLARE @Sizes INT;
    DECLARE @Batches INT;
    DECLARE @Over TABLE (stg_id BIGINT NOT NULL PRIMARY KEY);

    BEGIN TRY
        BEGIN TRANSACTION;

        INSERT INTO @Over (stg_id)
        SELECT parent.stg_id
        FROM ${staging} AS parent WITH (UPDLOCK)
        WHERE parent.stg_status IN (${over}) AND parent.stg_processed_date < @Cutoff
            AND NOT EXISTS (
                SELECT 1 FROM ${staging_subitems} AS child
                WHERE child.stg_parent_stg_id = parent.stg_id AND child.stg_status NOT IN (${over})
            );

        INSERT INTO ${archive_subitems} (
            ${subitem_columns},
            arc_archived_date
        )
        SELECT
            ${child_columns},
            @Now
        FROM ${staging_subitems} AS child
        INNER JOIN @Over AS done ON done.stg_id = child.stg_parent_stg_id;

        INSERT INTO ${archive} (
            ${order_columns},
            arc_archived_date
        )
        SELECT
            ${parent_columns},
            @Now
        FROM ${staging} AS parent
        INNER JOIN @Over AS done ON done.stg_id = parent.stg_id;

        DELETE FROM ${staging_subitems} WHERE stg_parent_stg_id IN (SELECT stg_id FROM @Over);
        SET @Sizes = @@ROWCOUNT;

        DELETE FROM ${staging} WHERE stg_id IN (SELECT stg_id FROM @Over);
        SET @Orders = @@ROWCOUNT;

        DELETE batch
        FROM ${batches} AS batch
        WHERE batch.status IN (${final}) AND batch.end_time < @Cutoff
            AND NOT EXISTS (SELECT 1 FROM ${staging} AS r WHERE r.stg_batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM ${staging_subitems} AS r WHERE r.stg_batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM ${archive} AS r WHERE r.stg_batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM ${archive_subitems} AS r WHERE r.stg_batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM ${errors} AS r WHERE r.batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM ${errors_subitems} AS r WHERE r.batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM ${calls} AS r WHERE r.batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM ${snapshot} AS r WHERE r.batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM ${identity} AS r WHERE r.batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM ${groups} AS r WHERE r.created_by_batch = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM ${orphans} AS r WHERE r.batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM ${issues} AS r WHERE r.batch_id = batch.batch_id);
        SET @Batches = @@ROWCOUNT;

        COMMIT TRANSACTION;
    END TRY
    BEGIN CATCH
        IF XACT_STATE() <> 0
            ROLLBACK TRANSACTION;
        THROW;
    END CATCH

    SELECT @Orders AS orders_archived, @Sizes AS sizes_archived, @Batches AS batches_deleted, @Cutoff AS older_than;
END;
