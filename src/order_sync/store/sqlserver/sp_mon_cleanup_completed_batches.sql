-- Moves orders promoted more than @DaysToKeep days ago from staging to the archive, sizes before their orders, then
-- deletes final batches of which no row is left anywhere: what the archive holds stays traceable.
-- All of it or nothing; an error is rethrown. DELETE .. OUTPUT .. INTO moves a row in one statement: none that
-- becomes due between two statements can be deleted unarchived.
CREATE PROCEDURE ${procedure}
    @DaysToKeep INT = 7
AS
BEGIN
    SET NOCOUNT ON;
    SET XACT_ABORT ON;

    DECLARE @Now DATETIME2(6) = SYSUTCDATETIME();
    DECLARE @Cutoff DATETIME2(6) = DATEADD(DAY, -@DaysToKeep, @Now);

    BEGIN TRY
        BEGIN TRANSACTION;

        DELETE child
        OUTPUT
            ${deleted_subitem_columns},
            @Now
        INTO ${archive_subitems} (
            ${subitem_columns},
            arc_archived_date
        )
        FROM ${staging_subitems} AS child
        INNER JOIN ${staging} AS parent ON parent.stg_id = child.stg_parent_stg_id
        WHERE parent.stg_status = '${promoted}' AND parent.stg_processed_date < @Cutoff
            AND child.stg_status IN ('${promoted}', '${cancelled}');

        DELETE parent
        OUTPUT
            ${deleted_order_columns},
            @Now
        INTO ${archive} (
            ${order_columns},
            arc_archived_date
        )
        FROM ${staging} AS parent
        WHERE parent.stg_status = '${promoted}' AND parent.stg_processed_date < @Cutoff
            AND NOT EXISTS (
                SELECT 1 FROM ${staging_subitems} AS child WHERE child.stg_parent_stg_id = parent.stg_id
            );

        DELETE batch
        FROM ${batches} AS batch
        WHERE batch.status IN (${final}) AND batch.end_time < @Cutoff
            AND NOT EXISTS (SELECT 1 FROM ${staging} AS s WHERE s.stg_batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM ${staging_subitems} AS s WHERE s.stg_batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM ${archive} AS a WHERE a.stg_batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM ${archive_subitems} AS a WHERE a.stg_batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM ${calls} AS c WHERE c.batch_id = batch.batch_id);

        COMMIT TRANSACTION;
    END TRY
    BEGIN CATCH
        IF XACT_STATE() <> 0
            ROLLBACK TRANSACTION;
        THROW;
    END CATCH
END;
