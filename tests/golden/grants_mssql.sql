-- Order Sync's roles and their rights in SQL Server, made from the mapping.
-- To be run after the tables were deployed or upgraded, by a member of db_owner. May be run again; it takes no right
-- away.
-- No login is made or named here: see the end.

IF NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'sync_reader' AND type = 'R')
    CREATE ROLE sync_reader;
IF NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'sync_worker' AND type = 'R')
    CREATE ROLE sync_worker;
IF NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'sync_dash' AND type = 'R')
    CREATE ROLE sync_dash;
IF NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'sync_migrate' AND type = 'R')
    CREATE ROLE sync_migrate;
GO

-- sync_reader: Reads the orders, and nothing else.
-- Orders in another database: run what stands here, and CREATE ROLE, there.
IF OBJECT_ID(N'dbo.[ORDERS_UNIFIED]') IS NOT NULL
    GRANT SELECT ON dbo.[ORDERS_UNIFIED] TO sync_reader;
ELSE
    PRINT N'dbo.[ORDERS_UNIFIED] is not in this database: sync_reader gets its right where it is.';
GO

-- sync_worker: What order-sync does day by day: run, retry, check, and all that only shows.
-- Where one login reads the orders as well: a member of sync_reader too.
GRANT SELECT, INSERT, UPDATE, DELETE ON dbo.[STG_MON_CustMasterSchedule] TO sync_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON dbo.[STG_MON_CustMasterSchedule_Subitems] TO sync_worker;
GRANT SELECT, INSERT ON dbo.[MON_CustMasterSchedule] TO sync_worker;
GRANT SELECT, INSERT ON dbo.[MON_CustMasterSchedule_Subitems] TO sync_worker;
GRANT SELECT, INSERT, UPDATE ON dbo.[ERR_MON_CustMasterSchedule] TO sync_worker;
GRANT SELECT, INSERT, UPDATE ON dbo.[ERR_MON_CustMasterSchedule_Subitems] TO sync_worker;
GRANT SELECT, INSERT ON dbo.[ARC_STG_MON_CustMasterSchedule] TO sync_worker;
GRANT SELECT, INSERT ON dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] TO sync_worker;
GRANT SELECT, INSERT, UPDATE ON dbo.[MON_BatchProcessing] TO sync_worker;
GRANT SELECT, INSERT, UPDATE ON dbo.[MON_SyncIdentity] TO sync_worker;
GRANT SELECT, INSERT, UPDATE ON dbo.[MON_Group] TO sync_worker;
GRANT SELECT, INSERT, UPDATE ON dbo.[MON_Lease] TO sync_worker;
GRANT SELECT, INSERT ON dbo.[MON_ApiCall] TO sync_worker;
GRANT SELECT, INSERT ON dbo.[MON_ApiCallRow] TO sync_worker;
GRANT SELECT, INSERT ON dbo.[MON_ApiBody] TO sync_worker;
GRANT SELECT, INSERT ON dbo.[MON_ApiCallResult] TO sync_worker;
GRANT SELECT, INSERT ON dbo.[MON_ApiChain] TO sync_worker;
GRANT SELECT, INSERT, UPDATE ON dbo.[MON_OrphanItem] TO sync_worker;
GRANT SELECT, INSERT, DELETE ON dbo.[MON_OrderSnapshot] TO sync_worker;
GRANT SELECT, INSERT, UPDATE ON dbo.[MON_SnapshotState] TO sync_worker;
GRANT SELECT, INSERT ON dbo.[MON_Issue] TO sync_worker;
GRANT SELECT, INSERT, DELETE ON dbo.[MON_Board] TO sync_worker;
GRANT SELECT, INSERT, UPDATE ON dbo.[MON_DailyCalls] TO sync_worker;
GRANT SELECT ON dbo.[MON_SchemaVersion] TO sync_worker;
GRANT SELECT ON dbo.[VW_MON_ActiveBatches] TO sync_worker;
GRANT SELECT ON dbo.[VW_MON_OpenErrors] TO sync_worker;
GRANT SELECT ON dbo.[VW_MON_OrderTrace] TO sync_worker;
GRANT EXECUTE ON dbo.[sp_MON_CleanupCompletedBatches] TO sync_worker;
GRANT EXECUTE ON dbo.[sp_MON_GetBatchSummary] TO sync_worker;
GO

-- sync_dash: Looks: people in SSMS, and pages that show how things stand.
GRANT SELECT ON dbo.[VW_MON_ActiveBatches] TO sync_dash;
GRANT SELECT ON dbo.[VW_MON_OpenErrors] TO sync_dash;
GRANT SELECT ON dbo.[VW_MON_OrderTrace] TO sync_dash;
GRANT EXECUTE ON dbo.[sp_MON_GetBatchSummary] TO sync_dash;
GO

-- sync_migrate: Makes and changes our tables. For the time of a deployment only.
-- CONTROL: to alter tables, and to see how they were made. It reaches all that is in the schema, the
-- orders too where they lie there.
GRANT CREATE TABLE, CREATE VIEW, CREATE PROCEDURE TO sync_migrate;
GRANT CONTROL ON SCHEMA::dbo TO sync_migrate;
GO

-- Who is in a role is the site's to say. For each login one of the three, then its roles:
--   CREATE USER [order_sync] FOR LOGIN [order_sync];                  -- a SQL Server login
--   CREATE USER [DOMAIN\svc-order-sync] FOR LOGIN [DOMAIN\svc-order-sync];  -- a Windows account or group
--   CREATE USER [order-sync@example.com] FROM EXTERNAL PROVIDER;      -- Entra ID: a user, group or managed identity
--   ALTER ROLE sync_reader ADD MEMBER [order_sync];
--   ALTER ROLE sync_worker ADD MEMBER [order_sync];

