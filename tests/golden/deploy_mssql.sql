-- Order Sync's tables for SQL Server 2017 or later, made from the mapping.
-- May be run again: a table of an older version gets what it lacks.
-- Views and procedures are made anew; what was granted on them stays. Nothing that holds rows is dropped.

SET ANSI_NULLS ON;
SET QUOTED_IDENTIFIER ON;
SET ANSI_PADDING ON;
SET ANSI_WARNINGS ON;
SET ARITHABORT ON;
SET CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
SET XACT_ABORT ON;
SET NOCOUNT ON;
GO

-- A login without the rights, or a database or tables that cannot be worked with: nothing is changed then.
DECLARE @problems NVARCHAR(2000) = N'';
IF HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'CREATE TABLE') = 0
    OR HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'CREATE VIEW') = 0
    OR HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'CREATE PROCEDURE') = 0
    OR HAS_PERMS_BY_NAME(QUOTENAME(N'dbo'), 'SCHEMA', 'ALTER') = 0
    SET @problems += N' this login may not make tables, views and procedures here, a member of db_owner or sync_migrate may.';
BEGIN TRY
    EXEC(N'DECLARE @any INT = (SELECT COUNT(*) FROM OPENJSON(N''[1]''))');
END TRY
BEGIN CATCH
    SET @problems += N' This database cannot read JSON. ALTER DATABASE CURRENT SET COMPATIBILITY_LEVEL = 130, or higher, lets it.';
END CATCH;
IF OBJECT_ID(N'dbo.[MON_SchemaVersion]', N'U') IS NOT NULL
    IF EXISTS (SELECT 1 FROM dbo.[MON_SchemaVersion] WHERE [version] > 6)
        SET @problems += N' The tables are of a later version than 6: use the newer Order Sync that made them.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[ARC_STG_MON_CustMasterSchedule]'), 'IsView') = 1
    SET @problems += N' ARC_STG_MON_CustMasterSchedule is a view.';
IF EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(N'dbo.[ARC_STG_MON_CustMasterSchedule]') AND name = N'stg_batch_id' AND TYPE_NAME(user_type_id) <> N'uniqueidentifier')
    SET @problems += N' ARC_STG_MON_CustMasterSchedule.stg_batch_id is no UNIQUEIDENTIFIER.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]'), 'IsView') = 1
    SET @problems += N' ARC_STG_MON_CustMasterSchedule_Subitems is a view.';
IF EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]') AND name = N'stg_batch_id' AND TYPE_NAME(user_type_id) <> N'uniqueidentifier')
    SET @problems += N' ARC_STG_MON_CustMasterSchedule_Subitems.stg_batch_id is no UNIQUEIDENTIFIER.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule]'), 'IsView') = 1
    SET @problems += N' ERR_MON_CustMasterSchedule is a view.';
IF OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule]', N'U') IS NOT NULL AND ISNULL(COLUMNPROPERTY(OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule]'), N'err_id', 'IsIdentity'), 0) = 0
    SET @problems += N' ERR_MON_CustMasterSchedule.err_id is no IDENTITY.';
IF EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule]') AND name = N'batch_id' AND TYPE_NAME(user_type_id) <> N'uniqueidentifier')
    SET @problems += N' ERR_MON_CustMasterSchedule.batch_id is no UNIQUEIDENTIFIER.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]'), 'IsView') = 1
    SET @problems += N' ERR_MON_CustMasterSchedule_Subitems is a view.';
IF OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'U') IS NOT NULL AND ISNULL(COLUMNPROPERTY(OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]'), N'err_id', 'IsIdentity'), 0) = 0
    SET @problems += N' ERR_MON_CustMasterSchedule_Subitems.err_id is no IDENTITY.';
IF EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]') AND name = N'batch_id' AND TYPE_NAME(user_type_id) <> N'uniqueidentifier')
    SET @problems += N' ERR_MON_CustMasterSchedule_Subitems.batch_id is no UNIQUEIDENTIFIER.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[MON_ApiBody]'), 'IsView') = 1
    SET @problems += N' MON_ApiBody is a view.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[MON_ApiCall]'), 'IsView') = 1
    SET @problems += N' MON_ApiCall is a view.';
IF EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(N'dbo.[MON_ApiCall]') AND name = N'batch_id' AND TYPE_NAME(user_type_id) <> N'uniqueidentifier')
    SET @problems += N' MON_ApiCall.batch_id is no UNIQUEIDENTIFIER.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[MON_BatchProcessing]'), 'IsView') = 1
    SET @problems += N' MON_BatchProcessing is a view.';
IF EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(N'dbo.[MON_BatchProcessing]') AND name = N'batch_id' AND TYPE_NAME(user_type_id) <> N'uniqueidentifier')
    SET @problems += N' MON_BatchProcessing.batch_id is no UNIQUEIDENTIFIER.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[MON_Board]'), 'IsView') = 1
    SET @problems += N' MON_Board is a view.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[MON_CustMasterSchedule]'), 'IsView') = 1
    SET @problems += N' MON_CustMasterSchedule is a view.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[MON_CustMasterSchedule_Subitems]'), 'IsView') = 1
    SET @problems += N' MON_CustMasterSchedule_Subitems is a view.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[MON_DailyCalls]'), 'IsView') = 1
    SET @problems += N' MON_DailyCalls is a view.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[MON_Group]'), 'IsView') = 1
    SET @problems += N' MON_Group is a view.';
IF EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(N'dbo.[MON_Group]') AND name = N'created_by_batch' AND TYPE_NAME(user_type_id) <> N'uniqueidentifier')
    SET @problems += N' MON_Group.created_by_batch is no UNIQUEIDENTIFIER.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[MON_Issue]'), 'IsView') = 1
    SET @problems += N' MON_Issue is a view.';
IF OBJECT_ID(N'dbo.[MON_Issue]', N'U') IS NOT NULL AND ISNULL(COLUMNPROPERTY(OBJECT_ID(N'dbo.[MON_Issue]'), N'issue_id', 'IsIdentity'), 0) = 0
    SET @problems += N' MON_Issue.issue_id is no IDENTITY.';
IF EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(N'dbo.[MON_Issue]') AND name = N'batch_id' AND TYPE_NAME(user_type_id) <> N'uniqueidentifier')
    SET @problems += N' MON_Issue.batch_id is no UNIQUEIDENTIFIER.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[MON_Lease]'), 'IsView') = 1
    SET @problems += N' MON_Lease is a view.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[MON_OrderSnapshot]'), 'IsView') = 1
    SET @problems += N' MON_OrderSnapshot is a view.';
IF EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(N'dbo.[MON_OrderSnapshot]') AND name = N'batch_id' AND TYPE_NAME(user_type_id) <> N'uniqueidentifier')
    SET @problems += N' MON_OrderSnapshot.batch_id is no UNIQUEIDENTIFIER.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[MON_OrphanItem]'), 'IsView') = 1
    SET @problems += N' MON_OrphanItem is a view.';
IF OBJECT_ID(N'dbo.[MON_OrphanItem]', N'U') IS NOT NULL AND ISNULL(COLUMNPROPERTY(OBJECT_ID(N'dbo.[MON_OrphanItem]'), N'orphan_id', 'IsIdentity'), 0) = 0
    SET @problems += N' MON_OrphanItem.orphan_id is no IDENTITY.';
IF EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(N'dbo.[MON_OrphanItem]') AND name = N'batch_id' AND TYPE_NAME(user_type_id) <> N'uniqueidentifier')
    SET @problems += N' MON_OrphanItem.batch_id is no UNIQUEIDENTIFIER.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[MON_SchemaVersion]'), 'IsView') = 1
    SET @problems += N' MON_SchemaVersion is a view.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[MON_SnapshotState]'), 'IsView') = 1
    SET @problems += N' MON_SnapshotState is a view.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[MON_SyncIdentity]'), 'IsView') = 1
    SET @problems += N' MON_SyncIdentity is a view.';
IF OBJECT_ID(N'dbo.[MON_SyncIdentity]', N'U') IS NOT NULL AND ISNULL(COLUMNPROPERTY(OBJECT_ID(N'dbo.[MON_SyncIdentity]'), N'sync_id', 'IsIdentity'), 0) = 0
    SET @problems += N' MON_SyncIdentity.sync_id is no IDENTITY.';
IF EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(N'dbo.[MON_SyncIdentity]') AND name = N'batch_id' AND TYPE_NAME(user_type_id) <> N'uniqueidentifier')
    SET @problems += N' MON_SyncIdentity.batch_id is no UNIQUEIDENTIFIER.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule]'), 'IsView') = 1
    SET @problems += N' STG_MON_CustMasterSchedule is a view.';
IF OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule]', N'U') IS NOT NULL AND ISNULL(COLUMNPROPERTY(OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule]'), N'stg_id', 'IsIdentity'), 0) = 0
    SET @problems += N' STG_MON_CustMasterSchedule.stg_id is no IDENTITY.';
IF EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule]') AND name = N'stg_batch_id' AND TYPE_NAME(user_type_id) <> N'uniqueidentifier')
    SET @problems += N' STG_MON_CustMasterSchedule.stg_batch_id is no UNIQUEIDENTIFIER.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[MON_ApiCallResult]'), 'IsView') = 1
    SET @problems += N' MON_ApiCallResult is a view.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[MON_ApiCallRow]'), 'IsView') = 1
    SET @problems += N' MON_ApiCallRow is a view.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[MON_ApiChain]'), 'IsView') = 1
    SET @problems += N' MON_ApiChain is a view.';
IF OBJECTPROPERTY(OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule_Subitems]'), 'IsView') = 1
    SET @problems += N' STG_MON_CustMasterSchedule_Subitems is a view.';
IF OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'U') IS NOT NULL AND ISNULL(COLUMNPROPERTY(OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule_Subitems]'), N'stg_subitem_id', 'IsIdentity'), 0) = 0
    SET @problems += N' STG_MON_CustMasterSchedule_Subitems.stg_subitem_id is no IDENTITY.';
IF EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule_Subitems]') AND name = N'stg_batch_id' AND TYPE_NAME(user_type_id) <> N'uniqueidentifier')
    SET @problems += N' STG_MON_CustMasterSchedule_Subitems.stg_batch_id is no UNIQUEIDENTIFIER.';
IF @problems <> N''
BEGIN
    RAISERROR(N'Nothing was changed:%s Correct this, then run the script again.', 16, 1, @problems);
    SET NOEXEC ON;
END;
GO

BEGIN TRANSACTION;
GO

-- ARC_STG_MON_CustMasterSchedule: Promoted orders, swept out of staging.
IF OBJECT_ID(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[ARC_STG_MON_CustMasterSchedule] (
        [Title] NVARCHAR(510) NULL,
        [UpdateDate] NVARCHAR(50) NULL,
        [Group] NVARCHAR(510) NULL,
        [Subitems] NVARCHAR(200) NULL,
        [CUSTOMER] NVARCHAR(100) NULL,
        [AAG ORDER NUMBER] NVARCHAR(200) NULL,
        [AAG SEASON] NVARCHAR(200) NULL,
        [ORDER DATE PO RECEIVED] DATE NULL,
        [CUSTOMER SEASON] NVARCHAR(200) NULL,
        [DROP] NVARCHAR(200) NULL,
        [PO NUMBER] NVARCHAR(200) NULL,
        [CUSTOMER ALT PO] NVARCHAR(200) NULL,
        [STYLE] NVARCHAR(200) NULL,
        [STYLE DESCRIPTION] NVARCHAR(500) NULL,
        [ALIAS RELATED ITEM] NVARCHAR(200) NULL,
        [COLOR] NVARCHAR(200) NULL,
        [CATEGORY] NVARCHAR(200) NULL,
        [PATTERN ID] NVARCHAR(200) NULL,
        [UNIT OF MEASURE] NVARCHAR(200) NULL,
        [FCST QTY] BIGINT NULL,
        [FCST CONSUMED QTY] BIGINT NULL,
        [ORDER QTY] BIGINT NULL,
        [PACKED QTY] BIGINT NULL,
        [SHIPPED QTY] BIGINT NULL,
        [Net Demand] BIGINT NULL,
        [ORDER TYPE] NVARCHAR(200) NULL,
        [DESTINATION] NVARCHAR(200) NULL,
        [DESTINATION WAREHOUSE] NVARCHAR(200) NULL,
        [CUSTOMER REQ IN DC DATE] DATE NULL,
        [CUSTOMER EX FACTORY DATE] DATE NULL,
        [DELIVERY TERMS] NVARCHAR(200) NULL,
        [PLANNED DELIVERY METHOD] NVARCHAR(200) NULL,
        [NOTES] NVARCHAR(4000) NULL,
        [CUSTOMER PRICE] FLOAT NULL,
        [USA ONLY LSTP 75% EX WORKS] FLOAT NULL,
        [EX WORKS (USD)] FLOAT NULL,
        [ADMINISTRATION FEE] FLOAT NULL,
        [DESIGN FEE] FLOAT NULL,
        [FX CHARGE] FLOAT NULL,
        [HANDLING] FLOAT NULL,
        [SURCHARGE FEE] FLOAT NULL,
        [DISCOUNT] FLOAT NULL,
        [FINAL FOB (USD)] FLOAT NULL,
        [HS CODE] NVARCHAR(200) NULL,
        [US DUTY RATE] FLOAT NULL,
        [US DUTY] FLOAT NULL,
        [FREIGHT] FLOAT NULL,
        [US TARIFF RATE] FLOAT NULL,
        [US TARIFF] FLOAT NULL,
        [DDP US (USD)] FLOAT NULL,
        [SMS PRICE USD] FLOAT NULL,
        [FINAL PRICES Y/N] NVARCHAR(200) NULL,
        [NOTES FOR PRICE] NVARCHAR(4000) NULL,
        [Item ID] BIGINT NULL,
        [matchAlias] NVARCHAR(200) NULL,
        [PLANNING BOARD] NVARCHAR(200) NULL,
        [REQUESTED XFD STATUS] NVARCHAR(200) NULL,
        [EX-FTY (Change Request)] DATE NULL,
        [EX-FTY (Forecast)] DATE NULL,
        [EX-FTY (Partner PO)] DATE NULL,
        [EX-FTY (Revised LS)] DATE NULL,
        [PRODUCTION TYPE] NVARCHAR(200) NULL,
        [AQL INSPECTION] NVARCHAR(200) NULL,
        [AQL TYPE] NVARCHAR(200) NULL,
        [PLANNED CUT DATE] DATE NULL,
        [MO NUMBER] NVARCHAR(200) NULL,
        [PRODUCTION STATUS] NVARCHAR(200) NULL,
        [FACTORY COUNTRY] NVARCHAR(200) NULL,
        [FACTORY] NVARCHAR(200) NULL,
        [ALLOCATION STATUS] NVARCHAR(200) NULL,
        [PRODUCTION QTY] BIGINT NULL,
        [TRIM ETA DATE] DATE NULL,
        [FABRIC ETA DATE] DATE NULL,
        [TRIM STATUS] NVARCHAR(200) NULL,
        [ADD TO PLANNING] NVARCHAR(200) NULL,
        [FABRIC STATUS] NVARCHAR(200) NULL,
        [PPS STATUS] NVARCHAR(200) NULL,
        [PPS CMT DUE] DATE NULL,
        [PPS CMT RCV] DATE NULL,
        [REVENUE (FOB)] FLOAT NULL,
        [ORDER STATUS] NVARCHAR(200) NULL,
        [RANGE / COLLECTION] NVARCHAR(500) NULL,
        stg_id BIGINT NOT NULL,
        stg_monday_item_id BIGINT NULL,
        stg_batch_id UNIQUEIDENTIFIER NOT NULL,
        stg_customer_batch NVARCHAR(100) NULL,
        stg_status NVARCHAR(50) NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_stg_status] DEFAULT 'PENDING',
        stg_error_message NVARCHAR(max) NULL,
        stg_api_payload NVARCHAR(max) NULL,
        stg_retry_count INTEGER NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_stg_retry_count] DEFAULT 0,
        stg_created_date DATETIME2(6) NULL,
        stg_processed_date DATETIME2(6) NULL,
        stg_max_retries_reached BIT NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_stg_max_retries_reached] DEFAULT 0,
        stg_sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL,
        stg_order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        stg_op NVARCHAR(20) NULL,
        stg_payload NVARCHAR(max) NULL,
        stg_payload_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        stg_source_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        stg_source_row NVARCHAR(max) NULL,
        stg_before_image NVARCHAR(max) NULL,
        stg_attempt INTEGER NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_stg_attempt] DEFAULT 0,
        stg_doubts INTEGER NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_stg_doubts] DEFAULT 0,
        stg_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
        stg_fence BIGINT NULL,
        stg_intent_at DATETIME2(6) NULL,
        stg_next_attempt_at DATETIME2(6) NULL,
        stg_error_class NVARCHAR(100) NULL,
        stg_absent_proofs INTEGER NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_stg_absent_proofs] DEFAULT 0,
        stg_looked_up BIT NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_stg_looked_up] DEFAULT 0,
        stg_create_labels BIT NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_stg_create_labels] DEFAULT 0,
        arc_archived_date DATETIME2(6) NOT NULL,
        CONSTRAINT [PK_ARC_STG_MON_CustMasterSchedule] PRIMARY KEY (stg_id)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'Title') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [Title] NVARCHAR(510) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'UpdateDate') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [UpdateDate] NVARCHAR(50) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'Group') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [Group] NVARCHAR(510) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'Subitems') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [Subitems] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'CUSTOMER') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [CUSTOMER] NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'AAG ORDER NUMBER') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [AAG ORDER NUMBER] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'AAG SEASON') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [AAG SEASON] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'ORDER DATE PO RECEIVED') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [ORDER DATE PO RECEIVED] DATE NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'CUSTOMER SEASON') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [CUSTOMER SEASON] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'DROP') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [DROP] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'PO NUMBER') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [PO NUMBER] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'CUSTOMER ALT PO') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [CUSTOMER ALT PO] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'STYLE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [STYLE] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'STYLE DESCRIPTION') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [STYLE DESCRIPTION] NVARCHAR(500) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'ALIAS RELATED ITEM') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [ALIAS RELATED ITEM] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'COLOR') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [COLOR] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'CATEGORY') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [CATEGORY] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'PATTERN ID') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [PATTERN ID] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'UNIT OF MEASURE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [UNIT OF MEASURE] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'FCST QTY') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [FCST QTY] BIGINT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'FCST CONSUMED QTY') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [FCST CONSUMED QTY] BIGINT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'ORDER QTY') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [ORDER QTY] BIGINT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'PACKED QTY') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [PACKED QTY] BIGINT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'SHIPPED QTY') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [SHIPPED QTY] BIGINT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'Net Demand') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [Net Demand] BIGINT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'ORDER TYPE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [ORDER TYPE] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'DESTINATION') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [DESTINATION] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'DESTINATION WAREHOUSE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [DESTINATION WAREHOUSE] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'CUSTOMER REQ IN DC DATE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [CUSTOMER REQ IN DC DATE] DATE NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'CUSTOMER EX FACTORY DATE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [CUSTOMER EX FACTORY DATE] DATE NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'DELIVERY TERMS') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [DELIVERY TERMS] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'PLANNED DELIVERY METHOD') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [PLANNED DELIVERY METHOD] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'NOTES') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [NOTES] NVARCHAR(4000) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'CUSTOMER PRICE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [CUSTOMER PRICE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'USA ONLY LSTP 75% EX WORKS') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [USA ONLY LSTP 75% EX WORKS] FLOAT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'EX WORKS (USD)') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [EX WORKS (USD)] FLOAT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'ADMINISTRATION FEE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [ADMINISTRATION FEE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'DESIGN FEE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [DESIGN FEE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'FX CHARGE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [FX CHARGE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'HANDLING') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [HANDLING] FLOAT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'SURCHARGE FEE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [SURCHARGE FEE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'DISCOUNT') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [DISCOUNT] FLOAT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'FINAL FOB (USD)') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [FINAL FOB (USD)] FLOAT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'HS CODE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [HS CODE] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'US DUTY RATE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [US DUTY RATE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'US DUTY') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [US DUTY] FLOAT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'FREIGHT') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [FREIGHT] FLOAT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'US TARIFF RATE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [US TARIFF RATE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'US TARIFF') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [US TARIFF] FLOAT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'DDP US (USD)') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [DDP US (USD)] FLOAT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'SMS PRICE USD') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [SMS PRICE USD] FLOAT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'FINAL PRICES Y/N') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [FINAL PRICES Y/N] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'NOTES FOR PRICE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [NOTES FOR PRICE] NVARCHAR(4000) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'Item ID') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [Item ID] BIGINT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'matchAlias') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [matchAlias] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'PLANNING BOARD') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [PLANNING BOARD] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'REQUESTED XFD STATUS') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [REQUESTED XFD STATUS] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'EX-FTY (Change Request)') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [EX-FTY (Change Request)] DATE NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'EX-FTY (Forecast)') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [EX-FTY (Forecast)] DATE NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'EX-FTY (Partner PO)') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [EX-FTY (Partner PO)] DATE NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'EX-FTY (Revised LS)') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [EX-FTY (Revised LS)] DATE NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'PRODUCTION TYPE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [PRODUCTION TYPE] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'AQL INSPECTION') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [AQL INSPECTION] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'AQL TYPE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [AQL TYPE] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'PLANNED CUT DATE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [PLANNED CUT DATE] DATE NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'MO NUMBER') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [MO NUMBER] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'PRODUCTION STATUS') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [PRODUCTION STATUS] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'FACTORY COUNTRY') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [FACTORY COUNTRY] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'FACTORY') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [FACTORY] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'ALLOCATION STATUS') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [ALLOCATION STATUS] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'PRODUCTION QTY') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [PRODUCTION QTY] BIGINT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'TRIM ETA DATE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [TRIM ETA DATE] DATE NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'FABRIC ETA DATE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [FABRIC ETA DATE] DATE NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'TRIM STATUS') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [TRIM STATUS] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'ADD TO PLANNING') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [ADD TO PLANNING] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'FABRIC STATUS') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [FABRIC STATUS] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'PPS STATUS') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [PPS STATUS] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'PPS CMT DUE') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [PPS CMT DUE] DATE NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'PPS CMT RCV') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [PPS CMT RCV] DATE NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'REVENUE (FOB)') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [REVENUE (FOB)] FLOAT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'ORDER STATUS') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [ORDER STATUS] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'RANGE / COLLECTION') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD [RANGE / COLLECTION] NVARCHAR(500) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_monday_item_id') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_monday_item_id BIGINT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_batch_id') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_batch_id UNIQUEIDENTIFIER NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_customer_batch') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_customer_batch NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_status') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_status NVARCHAR(50) NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_stg_status] DEFAULT 'PENDING';
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_error_message') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_error_message NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_api_payload') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_api_payload NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_retry_count') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_retry_count INTEGER NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_stg_retry_count] DEFAULT 0;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_created_date') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_created_date DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_processed_date') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_processed_date DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_max_retries_reached') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_max_retries_reached BIT NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_stg_max_retries_reached] DEFAULT 0;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_sync_key') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_order_key') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_op') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_op NVARCHAR(20) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_payload') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_payload NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_payload_hash') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_payload_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_source_hash') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_source_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_source_row') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_source_row NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_before_image') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_before_image NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_attempt') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_attempt INTEGER NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_stg_attempt] DEFAULT 0;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_doubts') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_doubts INTEGER NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_stg_doubts] DEFAULT 0;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_request_id') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_fence') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_fence BIGINT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_intent_at') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_intent_at DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_next_attempt_at') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_next_attempt_at DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_error_class') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_error_class NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_absent_proofs') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_absent_proofs INTEGER NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_stg_absent_proofs] DEFAULT 0;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_looked_up') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_looked_up BIT NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_stg_looked_up] DEFAULT 0;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'stg_create_labels') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD stg_create_labels BIT NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_stg_create_labels] DEFAULT 0;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'arc_archived_date') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule] ADD arc_archived_date DATETIME2(6) NULL;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[ARC_STG_MON_CustMasterSchedule]')
        AND name = N'IX_ARC_STG_MON_CustMasterSchedule_stg_batch_id')
    CREATE INDEX [IX_ARC_STG_MON_CustMasterSchedule_stg_batch_id] ON dbo.[ARC_STG_MON_CustMasterSchedule] (stg_batch_id);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[ARC_STG_MON_CustMasterSchedule]')
        AND name = N'IX_ARC_STG_MON_CustMasterSchedule_stg_order_key')
    CREATE INDEX [IX_ARC_STG_MON_CustMasterSchedule_stg_order_key] ON dbo.[ARC_STG_MON_CustMasterSchedule] (stg_order_key);
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- ARC_STG_MON_CustMasterSchedule_Subitems: Promoted sizes, swept out of staging.
IF OBJECT_ID(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] (
        parent_item_id NVARCHAR(max) NULL,
        subitem_id NVARCHAR(max) NULL,
        subitem_board_id NVARCHAR(max) NULL,
        [Size] NVARCHAR(max) NULL,
        [Order Qty] NVARCHAR(max) NULL,
        [Cut Qty] NVARCHAR(max) NULL,
        [Sew Qty] NVARCHAR(max) NULL,
        [Finishing Qty] NVARCHAR(max) NULL,
        [Received not Shipped Qty] NVARCHAR(max) NULL,
        [Packed Qty] NVARCHAR(max) NULL,
        [Shipped Qty] NVARCHAR(max) NULL,
        [ORDER LINE STATUS] NVARCHAR(max) NULL,
        [Item ID] NVARCHAR(max) NULL,
        stg_subitem_id BIGINT NOT NULL,
        stg_parent_stg_id BIGINT NULL,
        stg_monday_subitem_id BIGINT NULL,
        stg_monday_subitem_board_id BIGINT NULL,
        stg_size_label NVARCHAR(50) NULL,
        stg_order_qty_numeric BIGINT NULL,
        stg_name NVARCHAR(255) NULL,
        stg_position INTEGER NULL,
        stg_batch_id UNIQUEIDENTIFIER NOT NULL,
        stg_customer_batch NVARCHAR(100) NULL,
        stg_status NVARCHAR(50) NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_Subitems_stg_status] DEFAULT 'PENDING',
        stg_error_message NVARCHAR(max) NULL,
        stg_api_payload NVARCHAR(max) NULL,
        stg_retry_count INTEGER NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_Subitems_stg_retry_count] DEFAULT 0,
        stg_created_date DATETIME2(6) NULL,
        stg_processed_date DATETIME2(6) NULL,
        stg_max_retries_reached BIT NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_Subitems_stg_max_retries_reached] DEFAULT 0,
        stg_sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL,
        stg_order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        stg_op NVARCHAR(20) NULL,
        stg_payload NVARCHAR(max) NULL,
        stg_payload_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        stg_source_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        stg_source_row NVARCHAR(max) NULL,
        stg_before_image NVARCHAR(max) NULL,
        stg_attempt INTEGER NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_Subitems_stg_attempt] DEFAULT 0,
        stg_doubts INTEGER NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_Subitems_stg_doubts] DEFAULT 0,
        stg_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
        stg_fence BIGINT NULL,
        stg_intent_at DATETIME2(6) NULL,
        stg_next_attempt_at DATETIME2(6) NULL,
        stg_error_class NVARCHAR(100) NULL,
        stg_absent_proofs INTEGER NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_Subitems_stg_absent_proofs] DEFAULT 0,
        stg_looked_up BIT NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_Subitems_stg_looked_up] DEFAULT 0,
        stg_create_labels BIT NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_Subitems_stg_create_labels] DEFAULT 0,
        arc_archived_date DATETIME2(6) NOT NULL,
        CONSTRAINT [PK_ARC_STG_MON_CustMasterSchedule_Subitems] PRIMARY KEY (stg_subitem_id)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'parent_item_id') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD parent_item_id NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'subitem_id') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD subitem_id NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'subitem_board_id') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD subitem_board_id NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'Size') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD [Size] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'Order Qty') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD [Order Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'Cut Qty') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD [Cut Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'Sew Qty') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD [Sew Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'Finishing Qty') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD [Finishing Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'Received not Shipped Qty') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD [Received not Shipped Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'Packed Qty') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD [Packed Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'Shipped Qty') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD [Shipped Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'ORDER LINE STATUS') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD [ORDER LINE STATUS] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'Item ID') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD [Item ID] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_parent_stg_id') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_parent_stg_id BIGINT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_monday_subitem_id') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_monday_subitem_id BIGINT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_monday_subitem_board_id') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_monday_subitem_board_id BIGINT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_size_label') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_size_label NVARCHAR(50) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_order_qty_numeric') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_order_qty_numeric BIGINT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_name') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_name NVARCHAR(255) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_position') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_position INTEGER NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_batch_id') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_batch_id UNIQUEIDENTIFIER NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_customer_batch') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_customer_batch NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_status') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_status NVARCHAR(50) NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_Subitems_stg_status] DEFAULT 'PENDING';
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_error_message') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_error_message NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_api_payload') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_api_payload NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_retry_count') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_retry_count INTEGER NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_Subitems_stg_retry_count] DEFAULT 0;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_created_date') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_created_date DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_processed_date') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_processed_date DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_max_retries_reached') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_max_retries_reached BIT NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_Subitems_stg_max_retries_reached] DEFAULT 0;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_sync_key') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_order_key') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_op') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_op NVARCHAR(20) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_payload') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_payload NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_payload_hash') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_payload_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_source_hash') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_source_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_source_row') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_source_row NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_before_image') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_before_image NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_attempt') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_attempt INTEGER NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_Subitems_stg_attempt] DEFAULT 0;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_doubts') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_doubts INTEGER NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_Subitems_stg_doubts] DEFAULT 0;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_request_id') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_fence') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_fence BIGINT NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_intent_at') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_intent_at DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_next_attempt_at') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_next_attempt_at DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_error_class') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_error_class NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_absent_proofs') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_absent_proofs INTEGER NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_Subitems_stg_absent_proofs] DEFAULT 0;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_looked_up') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_looked_up BIT NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_Subitems_stg_looked_up] DEFAULT 0;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'stg_create_labels') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD stg_create_labels BIT NOT NULL CONSTRAINT [DF_ARC_STG_MON_CustMasterSchedule_Subitems_stg_create_labels] DEFAULT 0;
IF COL_LENGTH(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'arc_archived_date') IS NULL
    ALTER TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] ADD arc_archived_date DATETIME2(6) NULL;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]')
        AND name = N'IX_ARC_STG_MON_CustMasterSchedule_Subitems_stg_batch_id')
    CREATE INDEX [IX_ARC_STG_MON_CustMasterSchedule_Subitems_stg_batch_id] ON dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] (stg_batch_id);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]')
        AND name = N'IX_ARC_STG_MON_CustMasterSchedule_Subitems_stg_order_key')
    CREATE INDEX [IX_ARC_STG_MON_CustMasterSchedule_Subitems_stg_order_key] ON dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] (stg_order_key);
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- ERR_MON_CustMasterSchedule: Failures and held orders: cause, payload, original row; open until resolved_date is set.
IF OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[ERR_MON_CustMasterSchedule] (
        err_id BIGINT NOT NULL IDENTITY,
        original_stg_id BIGINT NULL,
        batch_id UNIQUEIDENTIFIER NULL,
        customer_batch NVARCHAR(100) NULL,
        order_number NVARCHAR(100) NULL,
        item_name NVARCHAR(500) NULL,
        group_name NVARCHAR(200) NULL,
        api_payload NVARCHAR(max) NULL,
        error_type NVARCHAR(100) NULL,
        error_message NVARCHAR(max) NULL,
        http_status_code INTEGER NULL,
        retry_count INTEGER NOT NULL CONSTRAINT [DF_ERR_MON_CustMasterSchedule_retry_count] DEFAULT 0,
        max_retries_reached BIT NOT NULL CONSTRAINT [DF_ERR_MON_CustMasterSchedule_max_retries_reached] DEFAULT 0,
        created_date DATETIME2(6) NULL,
        last_retry_date DATETIME2(6) NULL,
        resolved_date DATETIME2(6) NULL,
        resolved_by NVARCHAR(100) NULL,
        original_data NVARCHAR(max) NULL,
        err_order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        err_sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL,
        err_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
        err_source_rows INTEGER NULL,
        err_fingerprint CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        err_severity NVARCHAR(20) NULL,
        CONSTRAINT [PK_ERR_MON_CustMasterSchedule] PRIMARY KEY (err_id)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'original_stg_id') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD original_stg_id BIGINT NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'batch_id') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD batch_id UNIQUEIDENTIFIER NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'customer_batch') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD customer_batch NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'order_number') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD order_number NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'item_name') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD item_name NVARCHAR(500) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'group_name') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD group_name NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'api_payload') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD api_payload NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'error_type') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD error_type NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'error_message') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD error_message NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'http_status_code') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD http_status_code INTEGER NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'retry_count') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD retry_count INTEGER NOT NULL CONSTRAINT [DF_ERR_MON_CustMasterSchedule_retry_count] DEFAULT 0;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'max_retries_reached') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD max_retries_reached BIT NOT NULL CONSTRAINT [DF_ERR_MON_CustMasterSchedule_max_retries_reached] DEFAULT 0;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'created_date') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD created_date DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'last_retry_date') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD last_retry_date DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'resolved_date') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD resolved_date DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'resolved_by') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD resolved_by NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'original_data') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD original_data NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'err_order_key') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD err_order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'err_sync_key') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD err_sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'err_request_id') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD err_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'err_source_rows') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD err_source_rows INTEGER NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'err_fingerprint') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD err_fingerprint CHAR(64) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule]', N'err_severity') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule] ADD err_severity NVARCHAR(20) NULL;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule]')
        AND name = N'IX_ERR_MON_CustMasterSchedule_batch_id')
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_batch_id] ON dbo.[ERR_MON_CustMasterSchedule] (batch_id);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule]')
        AND name = N'IX_ERR_MON_CustMasterSchedule_customer_batch')
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_customer_batch] ON dbo.[ERR_MON_CustMasterSchedule] (customer_batch);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule]')
        AND name = N'IX_ERR_MON_CustMasterSchedule_err_order_key')
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_err_order_key] ON dbo.[ERR_MON_CustMasterSchedule] (err_order_key);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule]')
        AND name = N'IX_ERR_MON_CustMasterSchedule_error_type')
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_error_type] ON dbo.[ERR_MON_CustMasterSchedule] (error_type);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule]')
        AND name = N'IX_ERR_MON_CustMasterSchedule_retryable')
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_retryable] ON dbo.[ERR_MON_CustMasterSchedule] (created_date) WHERE max_retries_reached = 0;
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule]')
        AND name = N'UX_ERR_MON_CustMasterSchedule_held_fingerprint')
    CREATE UNIQUE INDEX [UX_ERR_MON_CustMasterSchedule_held_fingerprint] ON dbo.[ERR_MON_CustMasterSchedule] (err_fingerprint, error_type) WHERE resolved_date IS NULL AND err_source_rows IS NOT NULL AND err_order_key IS NULL AND err_fingerprint IS NOT NULL;
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule]')
        AND name = N'UX_ERR_MON_CustMasterSchedule_held_key')
    CREATE UNIQUE INDEX [UX_ERR_MON_CustMasterSchedule_held_key] ON dbo.[ERR_MON_CustMasterSchedule] (err_order_key, error_type) WHERE resolved_date IS NULL AND err_source_rows IS NOT NULL AND err_order_key IS NOT NULL;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- ERR_MON_CustMasterSchedule_Subitems: The same for sizes.
IF OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] (
        err_id BIGINT NOT NULL IDENTITY,
        original_stg_subitem_id BIGINT NULL,
        parent_item_id BIGINT NULL,
        batch_id UNIQUEIDENTIFIER NULL,
        customer_batch NVARCHAR(100) NULL,
        order_number NVARCHAR(100) NULL,
        size_label NVARCHAR(50) NULL,
        order_qty BIGINT NULL,
        subitem_name NVARCHAR(200) NULL,
        api_payload NVARCHAR(max) NULL,
        error_type NVARCHAR(100) NULL,
        error_message NVARCHAR(max) NULL,
        http_status_code INTEGER NULL,
        retry_count INTEGER NOT NULL CONSTRAINT [DF_ERR_MON_CustMasterSchedule_Subitems_retry_count] DEFAULT 0,
        max_retries_reached BIT NOT NULL CONSTRAINT [DF_ERR_MON_CustMasterSchedule_Subitems_max_retries_reached] DEFAULT 0,
        created_date DATETIME2(6) NULL,
        last_retry_date DATETIME2(6) NULL,
        resolved_date DATETIME2(6) NULL,
        resolved_by NVARCHAR(100) NULL,
        original_data NVARCHAR(max) NULL,
        err_order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        err_sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL,
        err_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
        err_source_rows INTEGER NULL,
        err_fingerprint CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        err_severity NVARCHAR(20) NULL,
        CONSTRAINT [PK_ERR_MON_CustMasterSchedule_Subitems] PRIMARY KEY (err_id)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'original_stg_subitem_id') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD original_stg_subitem_id BIGINT NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'parent_item_id') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD parent_item_id BIGINT NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'batch_id') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD batch_id UNIQUEIDENTIFIER NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'customer_batch') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD customer_batch NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'order_number') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD order_number NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'size_label') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD size_label NVARCHAR(50) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'order_qty') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD order_qty BIGINT NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'subitem_name') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD subitem_name NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'api_payload') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD api_payload NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'error_type') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD error_type NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'error_message') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD error_message NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'http_status_code') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD http_status_code INTEGER NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'retry_count') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD retry_count INTEGER NOT NULL CONSTRAINT [DF_ERR_MON_CustMasterSchedule_Subitems_retry_count] DEFAULT 0;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'max_retries_reached') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD max_retries_reached BIT NOT NULL CONSTRAINT [DF_ERR_MON_CustMasterSchedule_Subitems_max_retries_reached] DEFAULT 0;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'created_date') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD created_date DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'last_retry_date') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD last_retry_date DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'resolved_date') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD resolved_date DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'resolved_by') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD resolved_by NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'original_data') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD original_data NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'err_order_key') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD err_order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'err_sync_key') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD err_sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'err_request_id') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD err_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'err_source_rows') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD err_source_rows INTEGER NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'err_fingerprint') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD err_fingerprint CHAR(64) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'err_severity') IS NULL
    ALTER TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] ADD err_severity NVARCHAR(20) NULL;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]')
        AND name = N'IX_ERR_MON_CustMasterSchedule_Subitems_batch_id')
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_Subitems_batch_id] ON dbo.[ERR_MON_CustMasterSchedule_Subitems] (batch_id);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]')
        AND name = N'IX_ERR_MON_CustMasterSchedule_Subitems_customer_batch')
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_Subitems_customer_batch] ON dbo.[ERR_MON_CustMasterSchedule_Subitems] (customer_batch);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]')
        AND name = N'IX_ERR_MON_CustMasterSchedule_Subitems_err_order_key')
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_Subitems_err_order_key] ON dbo.[ERR_MON_CustMasterSchedule_Subitems] (err_order_key);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]')
        AND name = N'IX_ERR_MON_CustMasterSchedule_Subitems_error_type')
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_Subitems_error_type] ON dbo.[ERR_MON_CustMasterSchedule_Subitems] (error_type);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]')
        AND name = N'IX_ERR_MON_CustMasterSchedule_Subitems_parent_item_id')
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_Subitems_parent_item_id] ON dbo.[ERR_MON_CustMasterSchedule_Subitems] (parent_item_id);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]')
        AND name = N'IX_ERR_MON_CustMasterSchedule_Subitems_retryable')
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_Subitems_retryable] ON dbo.[ERR_MON_CustMasterSchedule_Subitems] (created_date) WHERE max_retries_reached = 0;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- MON_ApiBody: The exact bodies of the calls; may be purged when they are old.
IF OBJECT_ID(N'dbo.[MON_ApiBody]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[MON_ApiBody] (
        sha256 CHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
        body NVARCHAR(max) NOT NULL,
        CONSTRAINT [PK_MON_ApiBody] PRIMARY KEY (sha256)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- MON_ApiCall: Every mutation, written before it was sent. Append-only.
IF OBJECT_ID(N'dbo.[MON_ApiCall]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[MON_ApiCall] (
        request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NOT NULL,
        batch_id UNIQUEIDENTIFIER NULL,
        board VARCHAR(20) COLLATE Latin1_General_BIN2 NULL,
        op NVARCHAR(50) NOT NULL,
        body_sha256 CHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
        idem_key VARCHAR(64) COLLATE Latin1_General_BIN2 NULL,
        fence BIGINT NULL,
        api_user_id BIGINT NULL,
        created_at DATETIME2(6) NOT NULL,
        CONSTRAINT [PK_MON_ApiCall] PRIMARY KEY (request_id)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_ApiCall]')
        AND name = N'IX_MON_ApiCall_batch_id')
    CREATE INDEX [IX_MON_ApiCall_batch_id] ON dbo.[MON_ApiCall] (batch_id);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_ApiCall]')
        AND name = N'IX_MON_ApiCall_created_at')
    CREATE INDEX [IX_MON_ApiCall_created_at] ON dbo.[MON_ApiCall] (created_at);
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- MON_BatchProcessing: One customer's orders of one run: status, counts, times.
IF OBJECT_ID(N'dbo.[MON_BatchProcessing]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[MON_BatchProcessing] (
        batch_id UNIQUEIDENTIFIER NOT NULL,
        customer_name NVARCHAR(100) NOT NULL,
        batch_type NVARCHAR(50) NOT NULL,
        status NVARCHAR(50) NOT NULL CONSTRAINT [DF_MON_BatchProcessing_status] DEFAULT 'STARTED',
        total_records INTEGER NOT NULL CONSTRAINT [DF_MON_BatchProcessing_total_records] DEFAULT 0,
        successful_records INTEGER NOT NULL CONSTRAINT [DF_MON_BatchProcessing_successful_records] DEFAULT 0,
        failed_records INTEGER NOT NULL CONSTRAINT [DF_MON_BatchProcessing_failed_records] DEFAULT 0,
        start_time DATETIME2(6) NULL,
        end_time DATETIME2(6) NULL,
        error_summary NVARCHAR(max) NULL,
        duration_seconds INTEGER NULL,
        orders_processed INTEGER NOT NULL CONSTRAINT [DF_MON_BatchProcessing_orders_processed] DEFAULT 0,
        subitems_processed INTEGER NOT NULL CONSTRAINT [DF_MON_BatchProcessing_subitems_processed] DEFAULT 0,
        api_calls_made INTEGER NOT NULL CONSTRAINT [DF_MON_BatchProcessing_api_calls_made] DEFAULT 0,
        api_failures INTEGER NOT NULL CONSTRAINT [DF_MON_BatchProcessing_api_failures] DEFAULT 0,
        retries_attempted INTEGER NOT NULL CONSTRAINT [DF_MON_BatchProcessing_retries_attempted] DEFAULT 0,
        staging_load_completed DATETIME2(6) NULL,
        items_creation_completed DATETIME2(6) NULL,
        subitems_creation_completed DATETIME2(6) NULL,
        promotion_completed DATETIME2(6) NULL,
        cleanup_completed DATETIME2(6) NULL,
        started_by NVARCHAR(100) NULL,
        config_snapshot NVARCHAR(max) NULL,
        run_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
        mapping_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        next_due DATETIME2(6) NULL,
        CONSTRAINT [PK_MON_BatchProcessing] PRIMARY KEY (batch_id)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'customer_name') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD customer_name NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'batch_type') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD batch_type NVARCHAR(50) NULL;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'status') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD status NVARCHAR(50) NOT NULL CONSTRAINT [DF_MON_BatchProcessing_status] DEFAULT 'STARTED';
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'total_records') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD total_records INTEGER NOT NULL CONSTRAINT [DF_MON_BatchProcessing_total_records] DEFAULT 0;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'successful_records') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD successful_records INTEGER NOT NULL CONSTRAINT [DF_MON_BatchProcessing_successful_records] DEFAULT 0;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'failed_records') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD failed_records INTEGER NOT NULL CONSTRAINT [DF_MON_BatchProcessing_failed_records] DEFAULT 0;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'start_time') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD start_time DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'end_time') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD end_time DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'error_summary') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD error_summary NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'duration_seconds') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD duration_seconds INTEGER NULL;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'orders_processed') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD orders_processed INTEGER NOT NULL CONSTRAINT [DF_MON_BatchProcessing_orders_processed] DEFAULT 0;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'subitems_processed') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD subitems_processed INTEGER NOT NULL CONSTRAINT [DF_MON_BatchProcessing_subitems_processed] DEFAULT 0;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'api_calls_made') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD api_calls_made INTEGER NOT NULL CONSTRAINT [DF_MON_BatchProcessing_api_calls_made] DEFAULT 0;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'api_failures') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD api_failures INTEGER NOT NULL CONSTRAINT [DF_MON_BatchProcessing_api_failures] DEFAULT 0;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'retries_attempted') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD retries_attempted INTEGER NOT NULL CONSTRAINT [DF_MON_BatchProcessing_retries_attempted] DEFAULT 0;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'staging_load_completed') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD staging_load_completed DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'items_creation_completed') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD items_creation_completed DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'subitems_creation_completed') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD subitems_creation_completed DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'promotion_completed') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD promotion_completed DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'cleanup_completed') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD cleanup_completed DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'started_by') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD started_by NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'config_snapshot') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD config_snapshot NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'run_id') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD run_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'mapping_hash') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD mapping_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[MON_BatchProcessing]', N'next_due') IS NULL
    ALTER TABLE dbo.[MON_BatchProcessing] ADD next_due DATETIME2(6) NULL;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_BatchProcessing]')
        AND name = N'IX_MON_BatchProcessing_customer_name')
    CREATE INDEX [IX_MON_BatchProcessing_customer_name] ON dbo.[MON_BatchProcessing] (customer_name);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_BatchProcessing]')
        AND name = N'IX_MON_BatchProcessing_run_id')
    CREATE INDEX [IX_MON_BatchProcessing_run_id] ON dbo.[MON_BatchProcessing] (run_id);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_BatchProcessing]')
        AND name = N'IX_MON_BatchProcessing_start_time')
    CREATE INDEX [IX_MON_BatchProcessing_start_time] ON dbo.[MON_BatchProcessing] (start_time);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_BatchProcessing]')
        AND name = N'IX_MON_BatchProcessing_status')
    CREATE INDEX [IX_MON_BatchProcessing_status] ON dbo.[MON_BatchProcessing] (status);
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- MON_Board: What was decided about the items that a board held before us.
IF OBJECT_ID(N'dbo.[MON_Board]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[MON_Board] (
        board VARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
        foreign_items INTEGER NULL,
        decision NVARCHAR(20) NULL,
        decided_at DATETIME2(6) NULL,
        decided_by NVARCHAR(100) NULL,
        CONSTRAINT [PK_MON_Board] PRIMARY KEY (board)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- MON_CustMasterSchedule: The board's mirror. No column of ours: it is written by promotion only.
IF OBJECT_ID(N'dbo.[MON_CustMasterSchedule]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[MON_CustMasterSchedule] (
        [Title] NVARCHAR(max) NULL,
        [UpdateDate] NVARCHAR(max) NULL,
        [Group] NVARCHAR(max) NULL,
        [Subitems] NVARCHAR(max) NULL,
        [CUSTOMER] NVARCHAR(max) NULL,
        [AAG ORDER NUMBER] NVARCHAR(max) NULL,
        [AAG SEASON] NVARCHAR(max) NULL,
        [ORDER DATE PO RECEIVED] DATE NULL,
        [CUSTOMER SEASON] NVARCHAR(max) NULL,
        [DROP] NVARCHAR(max) NULL,
        [PO NUMBER] NVARCHAR(max) NULL,
        [CUSTOMER ALT PO] NVARCHAR(max) NULL,
        [STYLE] NVARCHAR(max) NULL,
        [STYLE DESCRIPTION] NVARCHAR(max) NULL,
        [ALIAS RELATED ITEM] NVARCHAR(max) NULL,
        [COLOR] NVARCHAR(max) NULL,
        [CATEGORY] NVARCHAR(max) NULL,
        [PATTERN ID] NVARCHAR(max) NULL,
        [UNIT OF MEASURE] NVARCHAR(max) NULL,
        [FCST QTY] BIGINT NULL,
        [FCST CONSUMED QTY] BIGINT NULL,
        [ORDER QTY] BIGINT NULL,
        [PACKED QTY] BIGINT NULL,
        [SHIPPED QTY] BIGINT NULL,
        [Net Demand] BIGINT NULL,
        [ORDER TYPE] NVARCHAR(max) NULL,
        [DESTINATION] NVARCHAR(max) NULL,
        [DESTINATION WAREHOUSE] NVARCHAR(max) NULL,
        [CUSTOMER REQ IN DC DATE] DATE NULL,
        [CUSTOMER EX FACTORY DATE] DATE NULL,
        [DELIVERY TERMS] NVARCHAR(max) NULL,
        [PLANNED DELIVERY METHOD] NVARCHAR(max) NULL,
        [NOTES] NVARCHAR(max) NULL,
        [CUSTOMER PRICE] FLOAT NULL,
        [USA ONLY LSTP 75% EX WORKS] FLOAT NULL,
        [EX WORKS (USD)] FLOAT NULL,
        [ADMINISTRATION FEE] FLOAT NULL,
        [DESIGN FEE] FLOAT NULL,
        [FX CHARGE] FLOAT NULL,
        [HANDLING] FLOAT NULL,
        [SURCHARGE FEE] FLOAT NULL,
        [DISCOUNT] FLOAT NULL,
        [FINAL FOB (USD)] FLOAT NULL,
        [HS CODE] NVARCHAR(max) NULL,
        [US DUTY RATE] FLOAT NULL,
        [US DUTY] FLOAT NULL,
        [FREIGHT] FLOAT NULL,
        [US TARIFF RATE] FLOAT NULL,
        [US TARIFF] FLOAT NULL,
        [DDP US (USD)] FLOAT NULL,
        [SMS PRICE USD] FLOAT NULL,
        [FINAL PRICES Y/N] NVARCHAR(max) NULL,
        [NOTES FOR PRICE] NVARCHAR(max) NULL,
        [Item ID] BIGINT NULL,
        [matchAlias] NVARCHAR(max) NULL,
        [PLANNING BOARD] NVARCHAR(max) NULL,
        [REQUESTED XFD STATUS] NVARCHAR(max) NULL,
        [EX-FTY (Change Request)] DATE NULL,
        [EX-FTY (Forecast)] DATE NULL,
        [EX-FTY (Partner PO)] DATE NULL,
        [EX-FTY (Revised LS)] DATE NULL,
        [PRODUCTION TYPE] NVARCHAR(max) NULL,
        [AQL INSPECTION] NVARCHAR(max) NULL,
        [AQL TYPE] NVARCHAR(max) NULL,
        [PLANNED CUT DATE] DATE NULL,
        [MO NUMBER] NVARCHAR(max) NULL,
        [PRODUCTION STATUS] NVARCHAR(max) NULL,
        [FACTORY COUNTRY] NVARCHAR(max) NULL,
        [FACTORY] NVARCHAR(max) NULL,
        [ALLOCATION STATUS] NVARCHAR(max) NULL,
        [PRODUCTION QTY] BIGINT NULL,
        [TRIM ETA DATE] DATE NULL,
        [FABRIC ETA DATE] DATE NULL,
        [TRIM STATUS] NVARCHAR(max) NULL,
        [ADD TO PLANNING] NVARCHAR(max) NULL,
        [FABRIC STATUS] NVARCHAR(max) NULL,
        [PPS STATUS] NVARCHAR(max) NULL,
        [PPS CMT DUE] DATE NULL,
        [PPS CMT RCV] DATE NULL,
        [REVENUE (FOB)] FLOAT NULL,
        [ORDER STATUS] NVARCHAR(max) NULL,
        [RANGE / COLLECTION] NVARCHAR(max) NULL
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'Title') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [Title] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'UpdateDate') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [UpdateDate] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'Group') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [Group] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'Subitems') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [Subitems] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'CUSTOMER') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [CUSTOMER] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'AAG ORDER NUMBER') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [AAG ORDER NUMBER] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'AAG SEASON') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [AAG SEASON] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'ORDER DATE PO RECEIVED') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [ORDER DATE PO RECEIVED] DATE NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'CUSTOMER SEASON') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [CUSTOMER SEASON] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'DROP') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [DROP] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'PO NUMBER') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [PO NUMBER] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'CUSTOMER ALT PO') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [CUSTOMER ALT PO] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'STYLE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [STYLE] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'STYLE DESCRIPTION') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [STYLE DESCRIPTION] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'ALIAS RELATED ITEM') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [ALIAS RELATED ITEM] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'COLOR') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [COLOR] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'CATEGORY') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [CATEGORY] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'PATTERN ID') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [PATTERN ID] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'UNIT OF MEASURE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [UNIT OF MEASURE] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'FCST QTY') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [FCST QTY] BIGINT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'FCST CONSUMED QTY') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [FCST CONSUMED QTY] BIGINT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'ORDER QTY') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [ORDER QTY] BIGINT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'PACKED QTY') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [PACKED QTY] BIGINT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'SHIPPED QTY') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [SHIPPED QTY] BIGINT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'Net Demand') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [Net Demand] BIGINT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'ORDER TYPE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [ORDER TYPE] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'DESTINATION') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [DESTINATION] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'DESTINATION WAREHOUSE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [DESTINATION WAREHOUSE] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'CUSTOMER REQ IN DC DATE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [CUSTOMER REQ IN DC DATE] DATE NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'CUSTOMER EX FACTORY DATE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [CUSTOMER EX FACTORY DATE] DATE NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'DELIVERY TERMS') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [DELIVERY TERMS] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'PLANNED DELIVERY METHOD') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [PLANNED DELIVERY METHOD] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'NOTES') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [NOTES] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'CUSTOMER PRICE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [CUSTOMER PRICE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'USA ONLY LSTP 75% EX WORKS') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [USA ONLY LSTP 75% EX WORKS] FLOAT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'EX WORKS (USD)') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [EX WORKS (USD)] FLOAT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'ADMINISTRATION FEE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [ADMINISTRATION FEE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'DESIGN FEE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [DESIGN FEE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'FX CHARGE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [FX CHARGE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'HANDLING') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [HANDLING] FLOAT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'SURCHARGE FEE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [SURCHARGE FEE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'DISCOUNT') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [DISCOUNT] FLOAT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'FINAL FOB (USD)') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [FINAL FOB (USD)] FLOAT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'HS CODE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [HS CODE] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'US DUTY RATE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [US DUTY RATE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'US DUTY') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [US DUTY] FLOAT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'FREIGHT') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [FREIGHT] FLOAT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'US TARIFF RATE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [US TARIFF RATE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'US TARIFF') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [US TARIFF] FLOAT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'DDP US (USD)') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [DDP US (USD)] FLOAT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'SMS PRICE USD') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [SMS PRICE USD] FLOAT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'FINAL PRICES Y/N') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [FINAL PRICES Y/N] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'NOTES FOR PRICE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [NOTES FOR PRICE] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'Item ID') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [Item ID] BIGINT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'matchAlias') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [matchAlias] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'PLANNING BOARD') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [PLANNING BOARD] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'REQUESTED XFD STATUS') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [REQUESTED XFD STATUS] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'EX-FTY (Change Request)') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [EX-FTY (Change Request)] DATE NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'EX-FTY (Forecast)') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [EX-FTY (Forecast)] DATE NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'EX-FTY (Partner PO)') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [EX-FTY (Partner PO)] DATE NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'EX-FTY (Revised LS)') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [EX-FTY (Revised LS)] DATE NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'PRODUCTION TYPE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [PRODUCTION TYPE] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'AQL INSPECTION') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [AQL INSPECTION] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'AQL TYPE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [AQL TYPE] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'PLANNED CUT DATE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [PLANNED CUT DATE] DATE NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'MO NUMBER') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [MO NUMBER] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'PRODUCTION STATUS') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [PRODUCTION STATUS] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'FACTORY COUNTRY') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [FACTORY COUNTRY] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'FACTORY') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [FACTORY] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'ALLOCATION STATUS') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [ALLOCATION STATUS] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'PRODUCTION QTY') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [PRODUCTION QTY] BIGINT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'TRIM ETA DATE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [TRIM ETA DATE] DATE NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'FABRIC ETA DATE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [FABRIC ETA DATE] DATE NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'TRIM STATUS') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [TRIM STATUS] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'ADD TO PLANNING') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [ADD TO PLANNING] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'FABRIC STATUS') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [FABRIC STATUS] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'PPS STATUS') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [PPS STATUS] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'PPS CMT DUE') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [PPS CMT DUE] DATE NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'PPS CMT RCV') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [PPS CMT RCV] DATE NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'REVENUE (FOB)') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [REVENUE (FOB)] FLOAT NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'ORDER STATUS') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [ORDER STATUS] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule]', N'RANGE / COLLECTION') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule] ADD [RANGE / COLLECTION] NVARCHAR(max) NULL;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- MON_CustMasterSchedule_Subitems: The mirror of the board's subitems.
IF OBJECT_ID(N'dbo.[MON_CustMasterSchedule_Subitems]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[MON_CustMasterSchedule_Subitems] (
        parent_item_id NVARCHAR(max) NULL,
        subitem_id NVARCHAR(max) NULL,
        subitem_board_id NVARCHAR(max) NULL,
        [Size] NVARCHAR(max) NULL,
        [Order Qty] NVARCHAR(max) NULL,
        [Cut Qty] NVARCHAR(max) NULL,
        [Sew Qty] NVARCHAR(max) NULL,
        [Finishing Qty] NVARCHAR(max) NULL,
        [Received not Shipped Qty] NVARCHAR(max) NULL,
        [Packed Qty] NVARCHAR(max) NULL,
        [Shipped Qty] NVARCHAR(max) NULL,
        [ORDER LINE STATUS] NVARCHAR(max) NULL,
        [Item ID] NVARCHAR(max) NULL
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule_Subitems]', N'parent_item_id') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule_Subitems] ADD parent_item_id NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule_Subitems]', N'subitem_id') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule_Subitems] ADD subitem_id NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule_Subitems]', N'subitem_board_id') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule_Subitems] ADD subitem_board_id NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule_Subitems]', N'Size') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule_Subitems] ADD [Size] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule_Subitems]', N'Order Qty') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule_Subitems] ADD [Order Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule_Subitems]', N'Cut Qty') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule_Subitems] ADD [Cut Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule_Subitems]', N'Sew Qty') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule_Subitems] ADD [Sew Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule_Subitems]', N'Finishing Qty') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule_Subitems] ADD [Finishing Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule_Subitems]', N'Received not Shipped Qty') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule_Subitems] ADD [Received not Shipped Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule_Subitems]', N'Packed Qty') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule_Subitems] ADD [Packed Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule_Subitems]', N'Shipped Qty') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule_Subitems] ADD [Shipped Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule_Subitems]', N'ORDER LINE STATUS') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule_Subitems] ADD [ORDER LINE STATUS] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_CustMasterSchedule_Subitems]', N'Item ID') IS NULL
    ALTER TABLE dbo.[MON_CustMasterSchedule_Subitems] ADD [Item ID] NVARCHAR(max) NULL;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- MON_DailyCalls: How many calls were made today, and until when the account takes no more.
IF OBJECT_ID(N'dbo.[MON_DailyCalls]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[MON_DailyCalls] (
        board VARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
        account VARCHAR(64) COLLATE Latin1_General_BIN2 NULL,
        call_day VARCHAR(10) COLLATE Latin1_General_BIN2 NULL,
        calls INTEGER NOT NULL CONSTRAINT [DF_MON_DailyCalls_calls] DEFAULT 0,
        calls_limit INTEGER NULL,
        resume_at DATETIME2(6) NULL,
        CONSTRAINT [PK_MON_DailyCalls] PRIMARY KEY (board)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- MON_Group: Groups of the board and the attempts to make them.
IF OBJECT_ID(N'dbo.[MON_Group]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[MON_Group] (
        board VARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
        title_key NVARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL,
        title NVARCHAR(255) NOT NULL,
        group_id VARCHAR(64) COLLATE Latin1_General_BIN2 NULL,
        status NVARCHAR(50) NOT NULL CONSTRAINT [DF_MON_Group_status] DEFAULT 'PENDING',
        attempt INTEGER NOT NULL CONSTRAINT [DF_MON_Group_attempt] DEFAULT 0,
        request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
        fence BIGINT NULL,
        created_by_batch UNIQUEIDENTIFIER NULL,
        intent_at DATETIME2(6) NULL,
        next_attempt_at DATETIME2(6) NULL,
        absent_proofs INTEGER NOT NULL CONSTRAINT [DF_MON_Group_absent_proofs] DEFAULT 0,
        CONSTRAINT [PK_MON_Group] PRIMARY KEY (board, title_key)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- MON_Issue: Value problems found while staging, by row and column.
IF OBJECT_ID(N'dbo.[MON_Issue]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[MON_Issue] (
        issue_id BIGINT NOT NULL IDENTITY,
        batch_id UNIQUEIDENTIFIER NULL,
        order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        order_number NVARCHAR(200) NULL,
        customer NVARCHAR(200) NULL,
        source_column NVARCHAR(200) NULL,
        size_label NVARCHAR(200) NULL,
        severity NVARCHAR(20) NOT NULL,
        cause NVARCHAR(100) NOT NULL,
        found NVARCHAR(max) NULL,
        message NVARCHAR(max) NULL,
        created_date DATETIME2(6) NOT NULL,
        CONSTRAINT [PK_MON_Issue] PRIMARY KEY (issue_id)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_Issue]')
        AND name = N'IX_MON_Issue_batch_id')
    CREATE INDEX [IX_MON_Issue_batch_id] ON dbo.[MON_Issue] (batch_id);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_Issue]')
        AND name = N'IX_MON_Issue_cause')
    CREATE INDEX [IX_MON_Issue_cause] ON dbo.[MON_Issue] (cause);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_Issue]')
        AND name = N'IX_MON_Issue_order_key')
    CREATE INDEX [IX_MON_Issue_order_key] ON dbo.[MON_Issue] (order_key);
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- MON_Lease: Who works on a customer or board. The fence rises with each owner and is never reset.
IF OBJECT_ID(N'dbo.[MON_Lease]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[MON_Lease] (
        resource NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
        owner NVARCHAR(300) NULL,
        fence BIGINT NOT NULL,
        acquired_at DATETIME2(6) NULL,
        expires_at DATETIME2(6) NULL,
        heartbeat_at DATETIME2(6) NULL,
        CONSTRAINT [PK_MON_Lease] PRIMARY KEY (resource)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- MON_OrderSnapshot: The last promoted version of each order: what the source is compared with.
IF OBJECT_ID(N'dbo.[MON_OrderSnapshot]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[MON_OrderSnapshot] (
        order_key CHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
        customer NVARCHAR(100) NULL,
        source_hash CHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
        payload_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        encoding_version INTEGER NOT NULL,
        batch_id UNIQUEIDENTIFIER NULL,
        promoted_at DATETIME2(6) NULL,
        mapping_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        CONSTRAINT [PK_MON_OrderSnapshot] PRIMARY KEY (order_key)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF COL_LENGTH(N'dbo.[MON_OrderSnapshot]', N'mapping_hash') IS NULL
    ALTER TABLE dbo.[MON_OrderSnapshot] ADD mapping_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_OrderSnapshot]')
        AND name = N'IX_MON_OrderSnapshot_customer')
    CREATE INDEX [IX_MON_OrderSnapshot_customer] ON dbo.[MON_OrderSnapshot] (customer);
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- MON_OrphanItem: Items on the board beside the recorded one of their key, and what became of each.
IF OBJECT_ID(N'dbo.[MON_OrphanItem]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[MON_OrphanItem] (
        orphan_id BIGINT NOT NULL IDENTITY,
        board VARCHAR(20) COLLATE Latin1_General_BIN2 NULL,
        item_id BIGINT NOT NULL,
        sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL,
        request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
        alias VARCHAR(20) COLLATE Latin1_General_BIN2 NULL,
        batch_id UNIQUEIDENTIFIER NULL,
        reason NVARCHAR(100) NULL,
        created_date DATETIME2(6) NOT NULL,
        kind NVARCHAR(20) NULL,
        resolution NVARCHAR(20) NULL,
        finding NVARCHAR(max) NULL,
        archive_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
        resolved_date DATETIME2(6) NULL,
        CONSTRAINT [PK_MON_OrphanItem] PRIMARY KEY (orphan_id)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF COL_LENGTH(N'dbo.[MON_OrphanItem]', N'kind') IS NULL
    ALTER TABLE dbo.[MON_OrphanItem] ADD kind NVARCHAR(20) NULL;
IF COL_LENGTH(N'dbo.[MON_OrphanItem]', N'resolution') IS NULL
    ALTER TABLE dbo.[MON_OrphanItem] ADD resolution NVARCHAR(20) NULL;
IF COL_LENGTH(N'dbo.[MON_OrphanItem]', N'finding') IS NULL
    ALTER TABLE dbo.[MON_OrphanItem] ADD finding NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[MON_OrphanItem]', N'archive_request_id') IS NULL
    ALTER TABLE dbo.[MON_OrphanItem] ADD archive_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[MON_OrphanItem]', N'resolved_date') IS NULL
    ALTER TABLE dbo.[MON_OrphanItem] ADD resolved_date DATETIME2(6) NULL;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_OrphanItem]')
        AND name = N'IX_MON_OrphanItem_item_id')
    CREATE INDEX [IX_MON_OrphanItem_item_id] ON dbo.[MON_OrphanItem] (item_id);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_OrphanItem]')
        AND name = N'IX_MON_OrphanItem_sync_key')
    CREATE INDEX [IX_MON_OrphanItem_sync_key] ON dbo.[MON_OrphanItem] (sync_key);
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- MON_SchemaVersion: Which migrations these tables have been through, when, and by whom.
IF OBJECT_ID(N'dbo.[MON_SchemaVersion]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[MON_SchemaVersion] (
        version INTEGER NOT NULL,
        applied_at DATETIME2(6) NOT NULL,
        applied_by NVARCHAR(300) NULL,
        what NVARCHAR(400) NOT NULL,
        CONSTRAINT [PK_MON_SchemaVersion] PRIMARY KEY (version)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- MON_SnapshotState: One row: generation and encoding of the snapshot.
IF OBJECT_ID(N'dbo.[MON_SnapshotState]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[MON_SnapshotState] (
        id INTEGER NOT NULL,
        generation BIGINT NOT NULL,
        encoding_version INTEGER NOT NULL,
        mapping_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        columns_digest CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        updated_at DATETIME2(6) NULL,
        CONSTRAINT [PK_MON_SnapshotState] PRIMARY KEY (id),
        CONSTRAINT [CK_MON_SnapshotState_single] CHECK (id = 1)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- MON_SyncIdentity: Which source order and size is which item: keys, generation, live item id.
IF OBJECT_ID(N'dbo.[MON_SyncIdentity]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[MON_SyncIdentity] (
        sync_id BIGINT NOT NULL IDENTITY,
        order_key CHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
        sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NOT NULL,
        parent_sync_id BIGINT NULL,
        size_label NVARCHAR(50) COLLATE Latin1_General_BIN2 NULL,
        board VARCHAR(20) COLLATE Latin1_General_BIN2 NULL,
        generation INTEGER NOT NULL,
        live_item_id BIGINT NULL,
        state NVARCHAR(20) NULL,
        batch_id UNIQUEIDENTIFIER NULL,
        created_date DATETIME2(6) NULL,
        CONSTRAINT [PK_MON_SyncIdentity] PRIMARY KEY (sync_id),
        CONSTRAINT [CK_MON_SyncIdentity_size_label] CHECK (size_label <> ''),
        CONSTRAINT [UQ_MON_SyncIdentity_sync_key] UNIQUE (sync_key),
        CONSTRAINT [FK_MON_SyncIdentity_parent_sync_id] FOREIGN KEY(parent_sync_id) REFERENCES dbo.[MON_SyncIdentity] (sync_id)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_SyncIdentity]')
        AND name = N'IX_MON_SyncIdentity_batch_id')
    CREATE INDEX [IX_MON_SyncIdentity_batch_id] ON dbo.[MON_SyncIdentity] (batch_id);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_SyncIdentity]')
        AND name = N'IX_MON_SyncIdentity_parent_sync_id')
    CREATE INDEX [IX_MON_SyncIdentity_parent_sync_id] ON dbo.[MON_SyncIdentity] (parent_sync_id);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_SyncIdentity]')
        AND name = N'UX_MON_SyncIdentity_live_item')
    CREATE UNIQUE INDEX [UX_MON_SyncIdentity_live_item] ON dbo.[MON_SyncIdentity] (live_item_id) WHERE live_item_id IS NOT NULL;
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_SyncIdentity]')
        AND name = N'UX_MON_SyncIdentity_order')
    CREATE UNIQUE INDEX [UX_MON_SyncIdentity_order] ON dbo.[MON_SyncIdentity] (order_key, generation) WHERE size_label IS NULL;
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_SyncIdentity]')
        AND name = N'UX_MON_SyncIdentity_size')
    CREATE UNIQUE INDEX [UX_MON_SyncIdentity_size] ON dbo.[MON_SyncIdentity] (order_key, size_label, generation) WHERE size_label IS NOT NULL;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- STG_MON_CustMasterSchedule: Orders on their way to the board: one open row per key, its state and payload.
IF OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[STG_MON_CustMasterSchedule] (
        [Title] NVARCHAR(510) NULL,
        [UpdateDate] NVARCHAR(50) NULL,
        [Group] NVARCHAR(510) NULL,
        [Subitems] NVARCHAR(200) NULL,
        [CUSTOMER] NVARCHAR(100) NULL,
        [AAG ORDER NUMBER] NVARCHAR(200) NULL,
        [AAG SEASON] NVARCHAR(200) NULL,
        [ORDER DATE PO RECEIVED] DATE NULL,
        [CUSTOMER SEASON] NVARCHAR(200) NULL,
        [DROP] NVARCHAR(200) NULL,
        [PO NUMBER] NVARCHAR(200) NULL,
        [CUSTOMER ALT PO] NVARCHAR(200) NULL,
        [STYLE] NVARCHAR(200) NULL,
        [STYLE DESCRIPTION] NVARCHAR(500) NULL,
        [ALIAS RELATED ITEM] NVARCHAR(200) NULL,
        [COLOR] NVARCHAR(200) NULL,
        [CATEGORY] NVARCHAR(200) NULL,
        [PATTERN ID] NVARCHAR(200) NULL,
        [UNIT OF MEASURE] NVARCHAR(200) NULL,
        [FCST QTY] BIGINT NULL,
        [FCST CONSUMED QTY] BIGINT NULL,
        [ORDER QTY] BIGINT NULL,
        [PACKED QTY] BIGINT NULL,
        [SHIPPED QTY] BIGINT NULL,
        [Net Demand] BIGINT NULL,
        [ORDER TYPE] NVARCHAR(200) NULL,
        [DESTINATION] NVARCHAR(200) NULL,
        [DESTINATION WAREHOUSE] NVARCHAR(200) NULL,
        [CUSTOMER REQ IN DC DATE] DATE NULL,
        [CUSTOMER EX FACTORY DATE] DATE NULL,
        [DELIVERY TERMS] NVARCHAR(200) NULL,
        [PLANNED DELIVERY METHOD] NVARCHAR(200) NULL,
        [NOTES] NVARCHAR(4000) NULL,
        [CUSTOMER PRICE] FLOAT NULL,
        [USA ONLY LSTP 75% EX WORKS] FLOAT NULL,
        [EX WORKS (USD)] FLOAT NULL,
        [ADMINISTRATION FEE] FLOAT NULL,
        [DESIGN FEE] FLOAT NULL,
        [FX CHARGE] FLOAT NULL,
        [HANDLING] FLOAT NULL,
        [SURCHARGE FEE] FLOAT NULL,
        [DISCOUNT] FLOAT NULL,
        [FINAL FOB (USD)] FLOAT NULL,
        [HS CODE] NVARCHAR(200) NULL,
        [US DUTY RATE] FLOAT NULL,
        [US DUTY] FLOAT NULL,
        [FREIGHT] FLOAT NULL,
        [US TARIFF RATE] FLOAT NULL,
        [US TARIFF] FLOAT NULL,
        [DDP US (USD)] FLOAT NULL,
        [SMS PRICE USD] FLOAT NULL,
        [FINAL PRICES Y/N] NVARCHAR(200) NULL,
        [NOTES FOR PRICE] NVARCHAR(4000) NULL,
        [Item ID] BIGINT NULL,
        [matchAlias] NVARCHAR(200) NULL,
        [PLANNING BOARD] NVARCHAR(200) NULL,
        [REQUESTED XFD STATUS] NVARCHAR(200) NULL,
        [EX-FTY (Change Request)] DATE NULL,
        [EX-FTY (Forecast)] DATE NULL,
        [EX-FTY (Partner PO)] DATE NULL,
        [EX-FTY (Revised LS)] DATE NULL,
        [PRODUCTION TYPE] NVARCHAR(200) NULL,
        [AQL INSPECTION] NVARCHAR(200) NULL,
        [AQL TYPE] NVARCHAR(200) NULL,
        [PLANNED CUT DATE] DATE NULL,
        [MO NUMBER] NVARCHAR(200) NULL,
        [PRODUCTION STATUS] NVARCHAR(200) NULL,
        [FACTORY COUNTRY] NVARCHAR(200) NULL,
        [FACTORY] NVARCHAR(200) NULL,
        [ALLOCATION STATUS] NVARCHAR(200) NULL,
        [PRODUCTION QTY] BIGINT NULL,
        [TRIM ETA DATE] DATE NULL,
        [FABRIC ETA DATE] DATE NULL,
        [TRIM STATUS] NVARCHAR(200) NULL,
        [ADD TO PLANNING] NVARCHAR(200) NULL,
        [FABRIC STATUS] NVARCHAR(200) NULL,
        [PPS STATUS] NVARCHAR(200) NULL,
        [PPS CMT DUE] DATE NULL,
        [PPS CMT RCV] DATE NULL,
        [REVENUE (FOB)] FLOAT NULL,
        [ORDER STATUS] NVARCHAR(200) NULL,
        [RANGE / COLLECTION] NVARCHAR(500) NULL,
        stg_id BIGINT NOT NULL IDENTITY,
        stg_monday_item_id BIGINT NULL,
        stg_batch_id UNIQUEIDENTIFIER NOT NULL,
        stg_customer_batch NVARCHAR(100) NULL,
        stg_status NVARCHAR(50) NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_stg_status] DEFAULT 'PENDING',
        stg_error_message NVARCHAR(max) NULL,
        stg_api_payload NVARCHAR(max) NULL,
        stg_retry_count INTEGER NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_stg_retry_count] DEFAULT 0,
        stg_created_date DATETIME2(6) NULL,
        stg_processed_date DATETIME2(6) NULL,
        stg_max_retries_reached BIT NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_stg_max_retries_reached] DEFAULT 0,
        stg_sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL,
        stg_order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        stg_op NVARCHAR(20) NULL,
        stg_payload NVARCHAR(max) NULL,
        stg_payload_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        stg_source_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        stg_source_row NVARCHAR(max) NULL,
        stg_before_image NVARCHAR(max) NULL,
        stg_attempt INTEGER NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_stg_attempt] DEFAULT 0,
        stg_doubts INTEGER NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_stg_doubts] DEFAULT 0,
        stg_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
        stg_fence BIGINT NULL,
        stg_intent_at DATETIME2(6) NULL,
        stg_next_attempt_at DATETIME2(6) NULL,
        stg_error_class NVARCHAR(100) NULL,
        stg_absent_proofs INTEGER NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_stg_absent_proofs] DEFAULT 0,
        stg_looked_up BIT NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_stg_looked_up] DEFAULT 0,
        stg_create_labels BIT NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_stg_create_labels] DEFAULT 0,
        CONSTRAINT [PK_STG_MON_CustMasterSchedule] PRIMARY KEY (stg_id)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'Title') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [Title] NVARCHAR(510) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'UpdateDate') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [UpdateDate] NVARCHAR(50) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'Group') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [Group] NVARCHAR(510) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'Subitems') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [Subitems] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'CUSTOMER') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [CUSTOMER] NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'AAG ORDER NUMBER') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [AAG ORDER NUMBER] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'AAG SEASON') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [AAG SEASON] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'ORDER DATE PO RECEIVED') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [ORDER DATE PO RECEIVED] DATE NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'CUSTOMER SEASON') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [CUSTOMER SEASON] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'DROP') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [DROP] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'PO NUMBER') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [PO NUMBER] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'CUSTOMER ALT PO') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [CUSTOMER ALT PO] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'STYLE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [STYLE] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'STYLE DESCRIPTION') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [STYLE DESCRIPTION] NVARCHAR(500) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'ALIAS RELATED ITEM') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [ALIAS RELATED ITEM] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'COLOR') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [COLOR] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'CATEGORY') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [CATEGORY] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'PATTERN ID') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [PATTERN ID] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'UNIT OF MEASURE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [UNIT OF MEASURE] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'FCST QTY') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [FCST QTY] BIGINT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'FCST CONSUMED QTY') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [FCST CONSUMED QTY] BIGINT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'ORDER QTY') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [ORDER QTY] BIGINT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'PACKED QTY') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [PACKED QTY] BIGINT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'SHIPPED QTY') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [SHIPPED QTY] BIGINT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'Net Demand') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [Net Demand] BIGINT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'ORDER TYPE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [ORDER TYPE] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'DESTINATION') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [DESTINATION] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'DESTINATION WAREHOUSE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [DESTINATION WAREHOUSE] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'CUSTOMER REQ IN DC DATE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [CUSTOMER REQ IN DC DATE] DATE NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'CUSTOMER EX FACTORY DATE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [CUSTOMER EX FACTORY DATE] DATE NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'DELIVERY TERMS') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [DELIVERY TERMS] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'PLANNED DELIVERY METHOD') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [PLANNED DELIVERY METHOD] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'NOTES') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [NOTES] NVARCHAR(4000) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'CUSTOMER PRICE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [CUSTOMER PRICE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'USA ONLY LSTP 75% EX WORKS') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [USA ONLY LSTP 75% EX WORKS] FLOAT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'EX WORKS (USD)') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [EX WORKS (USD)] FLOAT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'ADMINISTRATION FEE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [ADMINISTRATION FEE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'DESIGN FEE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [DESIGN FEE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'FX CHARGE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [FX CHARGE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'HANDLING') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [HANDLING] FLOAT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'SURCHARGE FEE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [SURCHARGE FEE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'DISCOUNT') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [DISCOUNT] FLOAT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'FINAL FOB (USD)') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [FINAL FOB (USD)] FLOAT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'HS CODE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [HS CODE] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'US DUTY RATE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [US DUTY RATE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'US DUTY') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [US DUTY] FLOAT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'FREIGHT') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [FREIGHT] FLOAT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'US TARIFF RATE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [US TARIFF RATE] FLOAT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'US TARIFF') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [US TARIFF] FLOAT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'DDP US (USD)') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [DDP US (USD)] FLOAT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'SMS PRICE USD') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [SMS PRICE USD] FLOAT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'FINAL PRICES Y/N') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [FINAL PRICES Y/N] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'NOTES FOR PRICE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [NOTES FOR PRICE] NVARCHAR(4000) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'Item ID') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [Item ID] BIGINT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'matchAlias') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [matchAlias] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'PLANNING BOARD') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [PLANNING BOARD] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'REQUESTED XFD STATUS') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [REQUESTED XFD STATUS] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'EX-FTY (Change Request)') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [EX-FTY (Change Request)] DATE NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'EX-FTY (Forecast)') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [EX-FTY (Forecast)] DATE NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'EX-FTY (Partner PO)') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [EX-FTY (Partner PO)] DATE NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'EX-FTY (Revised LS)') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [EX-FTY (Revised LS)] DATE NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'PRODUCTION TYPE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [PRODUCTION TYPE] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'AQL INSPECTION') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [AQL INSPECTION] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'AQL TYPE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [AQL TYPE] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'PLANNED CUT DATE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [PLANNED CUT DATE] DATE NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'MO NUMBER') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [MO NUMBER] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'PRODUCTION STATUS') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [PRODUCTION STATUS] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'FACTORY COUNTRY') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [FACTORY COUNTRY] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'FACTORY') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [FACTORY] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'ALLOCATION STATUS') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [ALLOCATION STATUS] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'PRODUCTION QTY') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [PRODUCTION QTY] BIGINT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'TRIM ETA DATE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [TRIM ETA DATE] DATE NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'FABRIC ETA DATE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [FABRIC ETA DATE] DATE NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'TRIM STATUS') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [TRIM STATUS] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'ADD TO PLANNING') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [ADD TO PLANNING] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'FABRIC STATUS') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [FABRIC STATUS] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'PPS STATUS') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [PPS STATUS] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'PPS CMT DUE') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [PPS CMT DUE] DATE NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'PPS CMT RCV') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [PPS CMT RCV] DATE NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'REVENUE (FOB)') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [REVENUE (FOB)] FLOAT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'ORDER STATUS') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [ORDER STATUS] NVARCHAR(200) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'RANGE / COLLECTION') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD [RANGE / COLLECTION] NVARCHAR(500) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_monday_item_id') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_monday_item_id BIGINT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_batch_id') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_batch_id UNIQUEIDENTIFIER NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_customer_batch') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_customer_batch NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_status') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_status NVARCHAR(50) NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_stg_status] DEFAULT 'PENDING';
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_error_message') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_error_message NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_api_payload') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_api_payload NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_retry_count') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_retry_count INTEGER NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_stg_retry_count] DEFAULT 0;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_created_date') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_created_date DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_processed_date') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_processed_date DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_max_retries_reached') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_max_retries_reached BIT NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_stg_max_retries_reached] DEFAULT 0;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_sync_key') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_order_key') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_op') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_op NVARCHAR(20) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_payload') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_payload NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_payload_hash') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_payload_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_source_hash') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_source_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_source_row') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_source_row NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_before_image') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_before_image NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_attempt') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_attempt INTEGER NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_stg_attempt] DEFAULT 0;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_doubts') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_doubts INTEGER NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_stg_doubts] DEFAULT 0;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_request_id') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_fence') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_fence BIGINT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_intent_at') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_intent_at DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_next_attempt_at') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_next_attempt_at DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_error_class') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_error_class NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_absent_proofs') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_absent_proofs INTEGER NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_stg_absent_proofs] DEFAULT 0;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_looked_up') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_looked_up BIT NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_stg_looked_up] DEFAULT 0;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'stg_create_labels') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule] ADD stg_create_labels BIT NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_stg_create_labels] DEFAULT 0;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule]')
        AND name = N'IX_STG_MON_CustMasterSchedule_order_number')
    CREATE INDEX [IX_STG_MON_CustMasterSchedule_order_number] ON dbo.[STG_MON_CustMasterSchedule] ([AAG ORDER NUMBER]);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule]')
        AND name = N'IX_STG_MON_CustMasterSchedule_stg_batch_id')
    CREATE INDEX [IX_STG_MON_CustMasterSchedule_stg_batch_id] ON dbo.[STG_MON_CustMasterSchedule] (stg_batch_id);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule]')
        AND name = N'IX_STG_MON_CustMasterSchedule_stg_customer_batch')
    CREATE INDEX [IX_STG_MON_CustMasterSchedule_stg_customer_batch] ON dbo.[STG_MON_CustMasterSchedule] (stg_customer_batch);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule]')
        AND name = N'IX_STG_MON_CustMasterSchedule_stg_order_key')
    CREATE INDEX [IX_STG_MON_CustMasterSchedule_stg_order_key] ON dbo.[STG_MON_CustMasterSchedule] (stg_order_key);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule]')
        AND name = N'IX_STG_MON_CustMasterSchedule_stg_status')
    CREATE INDEX [IX_STG_MON_CustMasterSchedule_stg_status] ON dbo.[STG_MON_CustMasterSchedule] (stg_status);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule]')
        AND name = N'UX_STG_MON_CustMasterSchedule_open')
    CREATE UNIQUE INDEX [UX_STG_MON_CustMasterSchedule_open] ON dbo.[STG_MON_CustMasterSchedule] (stg_sync_key) WHERE stg_status IN (N'PENDING', N'SENDING', N'IN_DOUBT', N'API_SUCCESS', N'API_FAILED', N'BLOCKED', N'ROLLING_BACK') AND stg_sync_key IS NOT NULL;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- MON_ApiCallResult: What came back from each call. Append-only.
IF OBJECT_ID(N'dbo.[MON_ApiCallResult]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[MON_ApiCallResult] (
        request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NOT NULL,
        seq INTEGER NOT NULL,
        http_status INTEGER NULL,
        code NVARCHAR(100) NULL,
        monday_request_id NVARCHAR(100) NULL,
        replayed BIT NOT NULL CONSTRAINT [DF_MON_ApiCallResult_replayed] DEFAULT 0,
        complexity BIGINT NULL,
        ms INTEGER NULL,
        ids NVARCHAR(max) NULL,
        class NVARCHAR(100) NULL,
        created_at DATETIME2(6) NOT NULL,
        CONSTRAINT [PK_MON_ApiCallResult] PRIMARY KEY (request_id, seq),
        CONSTRAINT [FK_MON_ApiCallResult_request_id] FOREIGN KEY(request_id) REFERENCES dbo.[MON_ApiCall] (request_id)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- MON_ApiCallRow: Which staged row each alias of a call stands for. Append-only.
IF OBJECT_ID(N'dbo.[MON_ApiCallRow]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[MON_ApiCallRow] (
        request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NOT NULL,
        alias VARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
        kind NVARCHAR(20) NOT NULL,
        row_id BIGINT NULL,
        sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL,
        CONSTRAINT [PK_MON_ApiCallRow] PRIMARY KEY (request_id, alias),
        CONSTRAINT [CK_MON_ApiCallRow_kind] CHECK (kind IN ('item', 'subitem', 'group', 'orphan')),
        CONSTRAINT [FK_MON_ApiCallRow_request_id] FOREIGN KEY(request_id) REFERENCES dbo.[MON_ApiCall] (request_id)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_ApiCallRow]')
        AND name = N'IX_MON_ApiCallRow_kind_row_id')
    CREATE INDEX [IX_MON_ApiCallRow_kind_row_id] ON dbo.[MON_ApiCallRow] (kind, row_id);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_ApiCallRow]')
        AND name = N'IX_MON_ApiCallRow_sync_key')
    CREATE INDEX [IX_MON_ApiCallRow_sync_key] ON dbo.[MON_ApiCallRow] (sync_key);
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- MON_ApiChain: The calls and answers of each board in order, each hash over the one before it. Append-only.
IF OBJECT_ID(N'dbo.[MON_ApiChain]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[MON_ApiChain] (
        board VARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
        seq BIGINT NOT NULL,
        request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NOT NULL,
        answer INTEGER NOT NULL,
        content_sha256 CHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
        chain_sha256 CHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
        CONSTRAINT [PK_MON_ApiChain] PRIMARY KEY (board, seq),
        CONSTRAINT [FK_MON_ApiChain_request_id] FOREIGN KEY(request_id) REFERENCES dbo.[MON_ApiCall] (request_id)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_ApiChain]')
        AND name = N'UX_MON_ApiChain_entry')
    CREATE UNIQUE INDEX [UX_MON_ApiChain_entry] ON dbo.[MON_ApiChain] (request_id, answer);
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- STG_MON_CustMasterSchedule_Subitems: The sizes of those orders, one row each.
IF OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'U') IS NULL
BEGIN
    CREATE TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] (
        parent_item_id NVARCHAR(max) NULL,
        subitem_id NVARCHAR(max) NULL,
        subitem_board_id NVARCHAR(max) NULL,
        [Size] NVARCHAR(max) NULL,
        [Order Qty] NVARCHAR(max) NULL,
        [Cut Qty] NVARCHAR(max) NULL,
        [Sew Qty] NVARCHAR(max) NULL,
        [Finishing Qty] NVARCHAR(max) NULL,
        [Received not Shipped Qty] NVARCHAR(max) NULL,
        [Packed Qty] NVARCHAR(max) NULL,
        [Shipped Qty] NVARCHAR(max) NULL,
        [ORDER LINE STATUS] NVARCHAR(max) NULL,
        [Item ID] NVARCHAR(max) NULL,
        stg_subitem_id BIGINT NOT NULL IDENTITY,
        stg_parent_stg_id BIGINT NULL,
        stg_monday_subitem_id BIGINT NULL,
        stg_monday_subitem_board_id BIGINT NULL,
        stg_size_label NVARCHAR(50) NULL,
        stg_order_qty_numeric BIGINT NULL,
        stg_name NVARCHAR(255) NULL,
        stg_position INTEGER NULL,
        stg_batch_id UNIQUEIDENTIFIER NOT NULL,
        stg_customer_batch NVARCHAR(100) NULL,
        stg_status NVARCHAR(50) NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_Subitems_stg_status] DEFAULT 'PENDING',
        stg_error_message NVARCHAR(max) NULL,
        stg_api_payload NVARCHAR(max) NULL,
        stg_retry_count INTEGER NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_Subitems_stg_retry_count] DEFAULT 0,
        stg_created_date DATETIME2(6) NULL,
        stg_processed_date DATETIME2(6) NULL,
        stg_max_retries_reached BIT NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_Subitems_stg_max_retries_reached] DEFAULT 0,
        stg_sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL,
        stg_order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        stg_op NVARCHAR(20) NULL,
        stg_payload NVARCHAR(max) NULL,
        stg_payload_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        stg_source_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
        stg_source_row NVARCHAR(max) NULL,
        stg_before_image NVARCHAR(max) NULL,
        stg_attempt INTEGER NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_Subitems_stg_attempt] DEFAULT 0,
        stg_doubts INTEGER NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_Subitems_stg_doubts] DEFAULT 0,
        stg_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
        stg_fence BIGINT NULL,
        stg_intent_at DATETIME2(6) NULL,
        stg_next_attempt_at DATETIME2(6) NULL,
        stg_error_class NVARCHAR(100) NULL,
        stg_absent_proofs INTEGER NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_Subitems_stg_absent_proofs] DEFAULT 0,
        stg_looked_up BIT NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_Subitems_stg_looked_up] DEFAULT 0,
        stg_create_labels BIT NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_Subitems_stg_create_labels] DEFAULT 0,
        CONSTRAINT [PK_STG_MON_CustMasterSchedule_Subitems] PRIMARY KEY (stg_subitem_id),
        CONSTRAINT [FK_STG_MON_CustMasterSchedule_Subitems_stg_parent_stg_id] FOREIGN KEY(stg_parent_stg_id) REFERENCES dbo.[STG_MON_CustMasterSchedule] (stg_id)
    );
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'parent_item_id') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD parent_item_id NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'subitem_id') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD subitem_id NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'subitem_board_id') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD subitem_board_id NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'Size') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD [Size] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'Order Qty') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD [Order Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'Cut Qty') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD [Cut Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'Sew Qty') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD [Sew Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'Finishing Qty') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD [Finishing Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'Received not Shipped Qty') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD [Received not Shipped Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'Packed Qty') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD [Packed Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'Shipped Qty') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD [Shipped Qty] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'ORDER LINE STATUS') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD [ORDER LINE STATUS] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'Item ID') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD [Item ID] NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_parent_stg_id') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_parent_stg_id BIGINT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_monday_subitem_id') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_monday_subitem_id BIGINT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_monday_subitem_board_id') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_monday_subitem_board_id BIGINT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_size_label') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_size_label NVARCHAR(50) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_order_qty_numeric') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_order_qty_numeric BIGINT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_name') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_name NVARCHAR(255) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_position') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_position INTEGER NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_batch_id') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_batch_id UNIQUEIDENTIFIER NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_customer_batch') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_customer_batch NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_status') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_status NVARCHAR(50) NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_Subitems_stg_status] DEFAULT 'PENDING';
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_error_message') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_error_message NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_api_payload') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_api_payload NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_retry_count') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_retry_count INTEGER NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_Subitems_stg_retry_count] DEFAULT 0;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_created_date') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_created_date DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_processed_date') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_processed_date DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_max_retries_reached') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_max_retries_reached BIT NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_Subitems_stg_max_retries_reached] DEFAULT 0;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_sync_key') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_order_key') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_op') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_op NVARCHAR(20) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_payload') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_payload NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_payload_hash') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_payload_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_source_hash') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_source_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_source_row') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_source_row NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_before_image') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_before_image NVARCHAR(max) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_attempt') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_attempt INTEGER NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_Subitems_stg_attempt] DEFAULT 0;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_doubts') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_doubts INTEGER NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_Subitems_stg_doubts] DEFAULT 0;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_request_id') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_fence') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_fence BIGINT NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_intent_at') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_intent_at DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_next_attempt_at') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_next_attempt_at DATETIME2(6) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_error_class') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_error_class NVARCHAR(100) NULL;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_absent_proofs') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_absent_proofs INTEGER NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_Subitems_stg_absent_proofs] DEFAULT 0;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_looked_up') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_looked_up BIT NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_Subitems_stg_looked_up] DEFAULT 0;
IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'stg_create_labels') IS NULL
    ALTER TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] ADD stg_create_labels BIT NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_Subitems_stg_create_labels] DEFAULT 0;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule_Subitems]')
        AND name = N'IX_STG_MON_CustMasterSchedule_Subitems_stg_batch_id')
    CREATE INDEX [IX_STG_MON_CustMasterSchedule_Subitems_stg_batch_id] ON dbo.[STG_MON_CustMasterSchedule_Subitems] (stg_batch_id);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule_Subitems]')
        AND name = N'IX_STG_MON_CustMasterSchedule_Subitems_stg_customer_batch')
    CREATE INDEX [IX_STG_MON_CustMasterSchedule_Subitems_stg_customer_batch] ON dbo.[STG_MON_CustMasterSchedule_Subitems] (stg_customer_batch);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule_Subitems]')
        AND name = N'IX_STG_MON_CustMasterSchedule_Subitems_stg_parent_stg_id')
    CREATE INDEX [IX_STG_MON_CustMasterSchedule_Subitems_stg_parent_stg_id] ON dbo.[STG_MON_CustMasterSchedule_Subitems] (stg_parent_stg_id);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule_Subitems]')
        AND name = N'IX_STG_MON_CustMasterSchedule_Subitems_stg_status')
    CREATE INDEX [IX_STG_MON_CustMasterSchedule_Subitems_stg_status] ON dbo.[STG_MON_CustMasterSchedule_Subitems] (stg_status);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule_Subitems]')
        AND name = N'UX_STG_MON_CustMasterSchedule_Subitems_open')
    CREATE UNIQUE INDEX [UX_STG_MON_CustMasterSchedule_Subitems_open] ON dbo.[STG_MON_CustMasterSchedule_Subitems] (stg_sync_key) WHERE stg_status IN (N'PENDING', N'SENDING', N'IN_DOUBT', N'API_SUCCESS', N'API_FAILED', N'BLOCKED', N'ROLLING_BACK') AND stg_sync_key IS NOT NULL;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- 1: The tables of the flow: staging, production, errors, archives, batches, the protocol's record, the snapshot.
INSERT INTO dbo.[MON_SchemaVersion] ([version], applied_at, applied_by, what)
SELECT 1, SYSUTCDATETIME(), SUSER_SNAME(), N'The tables of the flow: staging, production, errors, archives, batches, the protocol''s record, the snapshot.'
WHERE NOT EXISTS (SELECT 1 FROM dbo.[MON_SchemaVersion] WHERE [version] = 1)
    AND NOT (OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule]', N'U') IS NULL)
    AND NOT (OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule_Subitems]', N'U') IS NULL)
    AND NOT (OBJECT_ID(N'dbo.[MON_CustMasterSchedule]', N'U') IS NULL)
    AND NOT (OBJECT_ID(N'dbo.[MON_CustMasterSchedule_Subitems]', N'U') IS NULL)
    AND NOT (OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule]', N'U') IS NULL)
    AND NOT (OBJECT_ID(N'dbo.[ERR_MON_CustMasterSchedule_Subitems]', N'U') IS NULL)
    AND NOT (OBJECT_ID(N'dbo.[ARC_STG_MON_CustMasterSchedule]', N'U') IS NULL)
    AND NOT (OBJECT_ID(N'dbo.[ARC_STG_MON_CustMasterSchedule_Subitems]', N'U') IS NULL)
    AND NOT (OBJECT_ID(N'dbo.[MON_BatchProcessing]', N'U') IS NULL)
    AND NOT (OBJECT_ID(N'dbo.[MON_SyncIdentity]', N'U') IS NULL)
    AND NOT (OBJECT_ID(N'dbo.[MON_Group]', N'U') IS NULL)
    AND NOT (OBJECT_ID(N'dbo.[MON_Lease]', N'U') IS NULL)
    AND NOT (OBJECT_ID(N'dbo.[MON_ApiCall]', N'U') IS NULL)
    AND NOT (NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_ApiCall]')
        AND name = N'IX_MON_ApiCall_batch_id'))
    AND NOT (NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_ApiCall]')
        AND name = N'IX_MON_ApiCall_created_at'))
    AND NOT (OBJECT_ID(N'dbo.[MON_ApiCallRow]', N'U') IS NULL)
    AND NOT (OBJECT_ID(N'dbo.[MON_ApiBody]', N'U') IS NULL)
    AND NOT (OBJECT_ID(N'dbo.[MON_ApiCallResult]', N'U') IS NULL)
    AND NOT (OBJECT_ID(N'dbo.[MON_OrphanItem]', N'U') IS NULL)
    AND NOT (OBJECT_ID(N'dbo.[MON_Board]', N'U') IS NULL)
    AND NOT (OBJECT_ID(N'dbo.[MON_OrderSnapshot]', N'U') IS NULL)
    AND NOT (OBJECT_ID(N'dbo.[MON_SnapshotState]', N'U') IS NULL)
    AND NOT (OBJECT_ID(N'dbo.[MON_Issue]', N'U') IS NULL);
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- 2: Each snapshot row remembers the mapping it was promoted under, so that a new mapping changes nothing by itself.
INSERT INTO dbo.[MON_SchemaVersion] ([version], applied_at, applied_by, what)
SELECT 2, SYSUTCDATETIME(), SUSER_SNAME(), N'Each snapshot row remembers the mapping it was promoted under, so that a new mapping changes nothing by itself.'
WHERE NOT EXISTS (SELECT 1 FROM dbo.[MON_SchemaVersion] WHERE [version] = 2)
    AND EXISTS (SELECT 1 FROM dbo.[MON_SchemaVersion] WHERE [version] = 1)
    AND NOT (COL_LENGTH(N'dbo.[MON_OrderSnapshot]', N'mapping_hash') IS NULL);
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- 3: Calls and answers are chained by hash, so that a record that was altered is found.
INSERT INTO dbo.[MON_SchemaVersion] ([version], applied_at, applied_by, what)
SELECT 3, SYSUTCDATETIME(), SUSER_SNAME(), N'Calls and answers are chained by hash, so that a record that was altered is found.'
WHERE NOT EXISTS (SELECT 1 FROM dbo.[MON_SchemaVersion] WHERE [version] = 3)
    AND EXISTS (SELECT 1 FROM dbo.[MON_SchemaVersion] WHERE [version] = 2)
    AND NOT (OBJECT_ID(N'dbo.[MON_ApiChain]', N'U') IS NULL)
    AND NOT (EXISTS (SELECT 1 FROM dbo.[MON_ApiCall] AS c WHERE NOT EXISTS
        (SELECT 1 FROM dbo.[MON_ApiChain] AS e WHERE e.request_id = c.request_id)));
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- 4: What became of the second item of a key is written down; calls may be about one, and are found by their time.
IF EXISTS (SELECT 1 FROM sys.check_constraints WHERE parent_object_id = OBJECT_ID(N'dbo.[MON_ApiCallRow]')
        AND name = N'CK_MON_ApiCallRow_kind' AND [definition] NOT LIKE N'%orphan%')
BEGIN
    ALTER TABLE dbo.[MON_ApiCallRow] DROP CONSTRAINT [CK_MON_ApiCallRow_kind];
    ALTER TABLE dbo.[MON_ApiCallRow] ADD CONSTRAINT [CK_MON_ApiCallRow_kind] CHECK (kind IN ('item', 'subitem', 'group', 'orphan'));
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
INSERT INTO dbo.[MON_SchemaVersion] ([version], applied_at, applied_by, what)
SELECT 4, SYSUTCDATETIME(), SUSER_SNAME(), N'What became of the second item of a key is written down; calls may be about one, and are found by their time.'
WHERE NOT EXISTS (SELECT 1 FROM dbo.[MON_SchemaVersion] WHERE [version] = 4)
    AND EXISTS (SELECT 1 FROM dbo.[MON_SchemaVersion] WHERE [version] = 3)
    AND NOT (COL_LENGTH(N'dbo.[MON_OrphanItem]', N'kind') IS NULL)
    AND NOT (COL_LENGTH(N'dbo.[MON_OrphanItem]', N'resolution') IS NULL)
    AND NOT (COL_LENGTH(N'dbo.[MON_OrphanItem]', N'finding') IS NULL)
    AND NOT (COL_LENGTH(N'dbo.[MON_OrphanItem]', N'archive_request_id') IS NULL)
    AND NOT (COL_LENGTH(N'dbo.[MON_OrphanItem]', N'resolved_date') IS NULL)
    AND NOT (NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[MON_ApiCall]')
        AND name = N'IX_MON_ApiCall_created_at'))
    AND NOT (EXISTS (SELECT 1 FROM sys.check_constraints WHERE parent_object_id = OBJECT_ID(N'dbo.[MON_ApiCallRow]')
        AND name = N'CK_MON_ApiCallRow_kind' AND [definition] NOT LIKE N'%orphan%'));
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- 5: The day's calls, and until when the account takes no more, outlive a restart.
INSERT INTO dbo.[MON_SchemaVersion] ([version], applied_at, applied_by, what)
SELECT 5, SYSUTCDATETIME(), SUSER_SNAME(), N'The day''s calls, and until when the account takes no more, outlive a restart.'
WHERE NOT EXISTS (SELECT 1 FROM dbo.[MON_SchemaVersion] WHERE [version] = 5)
    AND EXISTS (SELECT 1 FROM dbo.[MON_SchemaVersion] WHERE [version] = 4)
    AND NOT (OBJECT_ID(N'dbo.[MON_DailyCalls]', N'U') IS NULL);
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- 6: Versions are written down; only rows with a key of ours are held to one open row per key.
IF EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule]')
        AND name = N'UX_STG_MON_CustMasterSchedule_open' AND filter_definition NOT LIKE N'%stg_sync_key%')
BEGIN
    DROP INDEX [UX_STG_MON_CustMasterSchedule_open] ON dbo.[STG_MON_CustMasterSchedule];
    CREATE UNIQUE INDEX [UX_STG_MON_CustMasterSchedule_open] ON dbo.[STG_MON_CustMasterSchedule] (stg_sync_key) WHERE stg_status IN (N'PENDING', N'SENDING', N'IN_DOUBT', N'API_SUCCESS', N'API_FAILED', N'BLOCKED', N'ROLLING_BACK') AND stg_sync_key IS NOT NULL;
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
IF EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule_Subitems]')
        AND name = N'UX_STG_MON_CustMasterSchedule_Subitems_open' AND filter_definition NOT LIKE N'%stg_sync_key%')
BEGIN
    DROP INDEX [UX_STG_MON_CustMasterSchedule_Subitems_open] ON dbo.[STG_MON_CustMasterSchedule_Subitems];
    CREATE UNIQUE INDEX [UX_STG_MON_CustMasterSchedule_Subitems_open] ON dbo.[STG_MON_CustMasterSchedule_Subitems] (stg_sync_key) WHERE stg_status IN (N'PENDING', N'SENDING', N'IN_DOUBT', N'API_SUCCESS', N'API_FAILED', N'BLOCKED', N'ROLLING_BACK') AND stg_sync_key IS NOT NULL;
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO
INSERT INTO dbo.[MON_SchemaVersion] ([version], applied_at, applied_by, what)
SELECT 6, SYSUTCDATETIME(), SUSER_SNAME(), N'Versions are written down; only rows with a key of ours are held to one open row per key.'
WHERE NOT EXISTS (SELECT 1 FROM dbo.[MON_SchemaVersion] WHERE [version] = 6)
    AND EXISTS (SELECT 1 FROM dbo.[MON_SchemaVersion] WHERE [version] = 5)
    AND NOT (OBJECT_ID(N'dbo.[MON_SchemaVersion]', N'U') IS NULL)
    AND NOT (EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule]')
        AND name = N'UX_STG_MON_CustMasterSchedule_open' AND filter_definition NOT LIKE N'%stg_sync_key%'))
    AND NOT (EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'dbo.[STG_MON_CustMasterSchedule_Subitems]')
        AND name = N'UX_STG_MON_CustMasterSchedule_Subitems_open' AND filter_definition NOT LIKE N'%stg_sync_key%'));
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- Every batch that is not final, and whatever was started in the last 24 hours.
CREATE OR ALTER VIEW dbo.[VW_MON_ActiveBatches] AS
SELECT
    batch_id,
    customer_name,
    batch_type,
    status,
    total_records,
    successful_records,
    failed_records,
    start_time,
    end_time,
    error_summary,
    duration_seconds,
    orders_processed,
    subitems_processed,
    api_calls_made,
    api_failures,
    retries_attempted,
    staging_load_completed,
    items_creation_completed,
    subitems_creation_completed,
    promotion_completed,
    cleanup_completed,
    started_by,
    config_snapshot,
    run_id,
    mapping_hash,
    next_due,
    CASE
        WHEN total_records > 0
            THEN CAST(ROUND(100.0 * successful_records / total_records, 2) AS DECIMAL(5, 2))
        ELSE 0
    END AS success_percentage
FROM dbo.[MON_BatchProcessing]
WHERE status NOT IN ('COMPLETED', 'COMPLETED_WITH_ERRORS', 'FAILED', 'ROLLED_BACK')
    OR start_time >= DATEADD(HOUR, -24, SYSUTCDATETIME());
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- What stands in the way: one row for each order or size with an error that nobody has resolved, with its last failure;
-- the earlier ones are history. status is HELD where an order never was staged: correct its source_rows source rows.
CREATE OR ALTER VIEW dbo.[VW_MON_OpenErrors] AS
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
    FROM dbo.[ERR_MON_CustMasterSchedule] AS e
    LEFT JOIN dbo.[STG_MON_CustMasterSchedule] AS s ON s.stg_id = e.original_stg_id
    LEFT JOIN dbo.[ARC_STG_MON_CustMasterSchedule] AS a ON a.stg_id = e.original_stg_id
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
    FROM dbo.[ERR_MON_CustMasterSchedule_Subitems] AS e
    LEFT JOIN dbo.[STG_MON_CustMasterSchedule_Subitems] AS s ON s.stg_subitem_id = e.original_stg_subitem_id
    LEFT JOIN dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] AS a ON a.stg_subitem_id = e.original_stg_subitem_id
    WHERE e.resolved_date IS NULL
) AS failures
WHERE failure = 1;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- Where an order and its sizes are, and how they got there: ask it WHERE order_number = .., order_key = .. or
-- customer_name = .. One row for each time an order or size was staged (place STAGING or ARCHIVE), with the last
-- request that carried it and what came back; and one for each open cause that an order is HELD for.
CREATE OR ALTER VIEW dbo.[VW_MON_OrderTrace] AS
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
        o.[AAG ORDER NUMBER] AS order_number, o.stg_order_key AS order_key,
        o.[Title] AS item_name, CAST(NULL AS NVARCHAR(50)) AS size_label,
        o.stg_status AS status, o.stg_op AS operation, o.stg_batch_id AS batch_id, o.stg_sync_key AS sync_key,
        o.stg_attempt AS attempts, o.stg_request_id AS last_request_id,
        o.stg_error_class AS cause, o.stg_error_message AS message
    FROM dbo.[STG_MON_CustMasterSchedule] AS o
    UNION ALL
    SELECT
        'ARCHIVE', 'order', o.stg_customer_batch,
        o.[AAG ORDER NUMBER], o.stg_order_key,
        o.[Title], NULL,
        o.stg_status, o.stg_op, o.stg_batch_id, o.stg_sync_key,
        o.stg_attempt, o.stg_request_id,
        o.stg_error_class, o.stg_error_message
    FROM dbo.[ARC_STG_MON_CustMasterSchedule] AS o
    UNION ALL
    SELECT
        'STAGING', 'size', s.stg_customer_batch,
        o.[AAG ORDER NUMBER], s.stg_order_key,
        s.stg_name, s.stg_size_label,
        s.stg_status, s.stg_op, s.stg_batch_id, s.stg_sync_key,
        s.stg_attempt, s.stg_request_id,
        s.stg_error_class, s.stg_error_message
    FROM dbo.[STG_MON_CustMasterSchedule_Subitems] AS s
    INNER JOIN dbo.[STG_MON_CustMasterSchedule] AS o ON o.stg_id = s.stg_parent_stg_id
    UNION ALL
    SELECT
        'ARCHIVE', 'size', s.stg_customer_batch,
        o.[AAG ORDER NUMBER], s.stg_order_key,
        s.stg_name, s.stg_size_label,
        s.stg_status, s.stg_op, s.stg_batch_id, s.stg_sync_key,
        s.stg_attempt, s.stg_request_id,
        s.stg_error_class, s.stg_error_message
    FROM dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] AS s
    LEFT JOIN dbo.[ARC_STG_MON_CustMasterSchedule] AS o ON o.stg_id = s.stg_parent_stg_id
    UNION ALL
    SELECT
        'HELD', 'order', e.customer_batch,
        e.order_number, e.err_order_key,
        e.item_name, NULL,
        'HELD', NULL, e.batch_id, NULL,
        0, NULL,
        e.error_type, e.error_message
    FROM dbo.[ERR_MON_CustMasterSchedule] AS e
    WHERE e.resolved_date IS NULL AND e.err_source_rows IS NOT NULL
) AS r
LEFT JOIN dbo.[MON_BatchProcessing] AS b ON b.batch_id = r.batch_id
LEFT JOIN dbo.[MON_SyncIdentity] AS i ON i.sync_key = r.sync_key
LEFT JOIN dbo.[MON_ApiCall] AS c ON c.request_id = r.last_request_id
LEFT JOIN dbo.[MON_ApiCallResult] AS x ON x.request_id = c.request_id
    AND x.seq = (SELECT MAX(y.seq) FROM dbo.[MON_ApiCallResult] AS y WHERE y.request_id = c.request_id);
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- Moves orders that were over (promoted, or cancelled before they were sent) more than @DaysToKeep days ago from
-- staging to the archive, with their sizes, then deletes final batches to which nothing refers any more: what the
-- archive, the errors and the record of calls hold stays traceable. All of it or nothing; an error is rethrown.
-- The rows are chosen once, under a lock: none that becomes due between two statements is deleted unarchived. No
-- DELETE .. OUTPUT .. INTO: SQL Server refuses that where the archive has a trigger, a foreign key or a CHECK.
-- With more than some thousand orders due the staging tables are locked until it ends: run it where no run is at work.
CREATE OR ALTER PROCEDURE dbo.[sp_MON_CleanupCompletedBatches]
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
        FROM dbo.[STG_MON_CustMasterSchedule] AS parent WITH (UPDLOCK)
        WHERE parent.stg_status IN ('PROMOTED', 'CANCELLED') AND parent.stg_processed_date < @Cutoff
            AND NOT EXISTS (
                SELECT 1 FROM dbo.[STG_MON_CustMasterSchedule_Subitems] AS child
                WHERE child.stg_parent_stg_id = parent.stg_id AND child.stg_status NOT IN ('PROMOTED', 'CANCELLED')
            );

        INSERT INTO dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] (
            parent_item_id,
            subitem_id,
            subitem_board_id,
            [Size],
            [Order Qty],
            [Cut Qty],
            [Sew Qty],
            [Finishing Qty],
            [Received not Shipped Qty],
            [Packed Qty],
            [Shipped Qty],
            [ORDER LINE STATUS],
            [Item ID],
            stg_subitem_id,
            stg_parent_stg_id,
            stg_monday_subitem_id,
            stg_monday_subitem_board_id,
            stg_size_label,
            stg_order_qty_numeric,
            stg_name,
            stg_position,
            stg_batch_id,
            stg_customer_batch,
            stg_status,
            stg_error_message,
            stg_api_payload,
            stg_retry_count,
            stg_created_date,
            stg_processed_date,
            stg_max_retries_reached,
            stg_sync_key,
            stg_order_key,
            stg_op,
            stg_payload,
            stg_payload_hash,
            stg_source_hash,
            stg_source_row,
            stg_before_image,
            stg_attempt,
            stg_doubts,
            stg_request_id,
            stg_fence,
            stg_intent_at,
            stg_next_attempt_at,
            stg_error_class,
            stg_absent_proofs,
            stg_looked_up,
            stg_create_labels,
            arc_archived_date
        )
        SELECT
            child.parent_item_id,
            child.subitem_id,
            child.subitem_board_id,
            child.[Size],
            child.[Order Qty],
            child.[Cut Qty],
            child.[Sew Qty],
            child.[Finishing Qty],
            child.[Received not Shipped Qty],
            child.[Packed Qty],
            child.[Shipped Qty],
            child.[ORDER LINE STATUS],
            child.[Item ID],
            child.stg_subitem_id,
            child.stg_parent_stg_id,
            child.stg_monday_subitem_id,
            child.stg_monday_subitem_board_id,
            child.stg_size_label,
            child.stg_order_qty_numeric,
            child.stg_name,
            child.stg_position,
            child.stg_batch_id,
            child.stg_customer_batch,
            child.stg_status,
            child.stg_error_message,
            child.stg_api_payload,
            child.stg_retry_count,
            child.stg_created_date,
            child.stg_processed_date,
            child.stg_max_retries_reached,
            child.stg_sync_key,
            child.stg_order_key,
            child.stg_op,
            child.stg_payload,
            child.stg_payload_hash,
            child.stg_source_hash,
            child.stg_source_row,
            child.stg_before_image,
            child.stg_attempt,
            child.stg_doubts,
            child.stg_request_id,
            child.stg_fence,
            child.stg_intent_at,
            child.stg_next_attempt_at,
            child.stg_error_class,
            child.stg_absent_proofs,
            child.stg_looked_up,
            child.stg_create_labels,
            @Now
        FROM dbo.[STG_MON_CustMasterSchedule_Subitems] AS child
        INNER JOIN @Over AS done ON done.stg_id = child.stg_parent_stg_id;

        INSERT INTO dbo.[ARC_STG_MON_CustMasterSchedule] (
            [Title],
            [UpdateDate],
            [Group],
            [Subitems],
            [CUSTOMER],
            [AAG ORDER NUMBER],
            [AAG SEASON],
            [ORDER DATE PO RECEIVED],
            [CUSTOMER SEASON],
            [DROP],
            [PO NUMBER],
            [CUSTOMER ALT PO],
            [STYLE],
            [STYLE DESCRIPTION],
            [ALIAS RELATED ITEM],
            [COLOR],
            [CATEGORY],
            [PATTERN ID],
            [UNIT OF MEASURE],
            [FCST QTY],
            [FCST CONSUMED QTY],
            [ORDER QTY],
            [PACKED QTY],
            [SHIPPED QTY],
            [Net Demand],
            [ORDER TYPE],
            [DESTINATION],
            [DESTINATION WAREHOUSE],
            [CUSTOMER REQ IN DC DATE],
            [CUSTOMER EX FACTORY DATE],
            [DELIVERY TERMS],
            [PLANNED DELIVERY METHOD],
            [NOTES],
            [CUSTOMER PRICE],
            [USA ONLY LSTP 75% EX WORKS],
            [EX WORKS (USD)],
            [ADMINISTRATION FEE],
            [DESIGN FEE],
            [FX CHARGE],
            [HANDLING],
            [SURCHARGE FEE],
            [DISCOUNT],
            [FINAL FOB (USD)],
            [HS CODE],
            [US DUTY RATE],
            [US DUTY],
            [FREIGHT],
            [US TARIFF RATE],
            [US TARIFF],
            [DDP US (USD)],
            [SMS PRICE USD],
            [FINAL PRICES Y/N],
            [NOTES FOR PRICE],
            [Item ID],
            [matchAlias],
            [PLANNING BOARD],
            [REQUESTED XFD STATUS],
            [EX-FTY (Change Request)],
            [EX-FTY (Forecast)],
            [EX-FTY (Partner PO)],
            [EX-FTY (Revised LS)],
            [PRODUCTION TYPE],
            [AQL INSPECTION],
            [AQL TYPE],
            [PLANNED CUT DATE],
            [MO NUMBER],
            [PRODUCTION STATUS],
            [FACTORY COUNTRY],
            [FACTORY],
            [ALLOCATION STATUS],
            [PRODUCTION QTY],
            [TRIM ETA DATE],
            [FABRIC ETA DATE],
            [TRIM STATUS],
            [ADD TO PLANNING],
            [FABRIC STATUS],
            [PPS STATUS],
            [PPS CMT DUE],
            [PPS CMT RCV],
            [REVENUE (FOB)],
            [ORDER STATUS],
            [RANGE / COLLECTION],
            stg_id,
            stg_monday_item_id,
            stg_batch_id,
            stg_customer_batch,
            stg_status,
            stg_error_message,
            stg_api_payload,
            stg_retry_count,
            stg_created_date,
            stg_processed_date,
            stg_max_retries_reached,
            stg_sync_key,
            stg_order_key,
            stg_op,
            stg_payload,
            stg_payload_hash,
            stg_source_hash,
            stg_source_row,
            stg_before_image,
            stg_attempt,
            stg_doubts,
            stg_request_id,
            stg_fence,
            stg_intent_at,
            stg_next_attempt_at,
            stg_error_class,
            stg_absent_proofs,
            stg_looked_up,
            stg_create_labels,
            arc_archived_date
        )
        SELECT
            parent.[Title],
            parent.[UpdateDate],
            parent.[Group],
            parent.[Subitems],
            parent.[CUSTOMER],
            parent.[AAG ORDER NUMBER],
            parent.[AAG SEASON],
            parent.[ORDER DATE PO RECEIVED],
            parent.[CUSTOMER SEASON],
            parent.[DROP],
            parent.[PO NUMBER],
            parent.[CUSTOMER ALT PO],
            parent.[STYLE],
            parent.[STYLE DESCRIPTION],
            parent.[ALIAS RELATED ITEM],
            parent.[COLOR],
            parent.[CATEGORY],
            parent.[PATTERN ID],
            parent.[UNIT OF MEASURE],
            parent.[FCST QTY],
            parent.[FCST CONSUMED QTY],
            parent.[ORDER QTY],
            parent.[PACKED QTY],
            parent.[SHIPPED QTY],
            parent.[Net Demand],
            parent.[ORDER TYPE],
            parent.[DESTINATION],
            parent.[DESTINATION WAREHOUSE],
            parent.[CUSTOMER REQ IN DC DATE],
            parent.[CUSTOMER EX FACTORY DATE],
            parent.[DELIVERY TERMS],
            parent.[PLANNED DELIVERY METHOD],
            parent.[NOTES],
            parent.[CUSTOMER PRICE],
            parent.[USA ONLY LSTP 75% EX WORKS],
            parent.[EX WORKS (USD)],
            parent.[ADMINISTRATION FEE],
            parent.[DESIGN FEE],
            parent.[FX CHARGE],
            parent.[HANDLING],
            parent.[SURCHARGE FEE],
            parent.[DISCOUNT],
            parent.[FINAL FOB (USD)],
            parent.[HS CODE],
            parent.[US DUTY RATE],
            parent.[US DUTY],
            parent.[FREIGHT],
            parent.[US TARIFF RATE],
            parent.[US TARIFF],
            parent.[DDP US (USD)],
            parent.[SMS PRICE USD],
            parent.[FINAL PRICES Y/N],
            parent.[NOTES FOR PRICE],
            parent.[Item ID],
            parent.[matchAlias],
            parent.[PLANNING BOARD],
            parent.[REQUESTED XFD STATUS],
            parent.[EX-FTY (Change Request)],
            parent.[EX-FTY (Forecast)],
            parent.[EX-FTY (Partner PO)],
            parent.[EX-FTY (Revised LS)],
            parent.[PRODUCTION TYPE],
            parent.[AQL INSPECTION],
            parent.[AQL TYPE],
            parent.[PLANNED CUT DATE],
            parent.[MO NUMBER],
            parent.[PRODUCTION STATUS],
            parent.[FACTORY COUNTRY],
            parent.[FACTORY],
            parent.[ALLOCATION STATUS],
            parent.[PRODUCTION QTY],
            parent.[TRIM ETA DATE],
            parent.[FABRIC ETA DATE],
            parent.[TRIM STATUS],
            parent.[ADD TO PLANNING],
            parent.[FABRIC STATUS],
            parent.[PPS STATUS],
            parent.[PPS CMT DUE],
            parent.[PPS CMT RCV],
            parent.[REVENUE (FOB)],
            parent.[ORDER STATUS],
            parent.[RANGE / COLLECTION],
            parent.stg_id,
            parent.stg_monday_item_id,
            parent.stg_batch_id,
            parent.stg_customer_batch,
            parent.stg_status,
            parent.stg_error_message,
            parent.stg_api_payload,
            parent.stg_retry_count,
            parent.stg_created_date,
            parent.stg_processed_date,
            parent.stg_max_retries_reached,
            parent.stg_sync_key,
            parent.stg_order_key,
            parent.stg_op,
            parent.stg_payload,
            parent.stg_payload_hash,
            parent.stg_source_hash,
            parent.stg_source_row,
            parent.stg_before_image,
            parent.stg_attempt,
            parent.stg_doubts,
            parent.stg_request_id,
            parent.stg_fence,
            parent.stg_intent_at,
            parent.stg_next_attempt_at,
            parent.stg_error_class,
            parent.stg_absent_proofs,
            parent.stg_looked_up,
            parent.stg_create_labels,
            @Now
        FROM dbo.[STG_MON_CustMasterSchedule] AS parent
        INNER JOIN @Over AS done ON done.stg_id = parent.stg_id;

        DELETE FROM dbo.[STG_MON_CustMasterSchedule_Subitems] WHERE stg_parent_stg_id IN (SELECT stg_id FROM @Over);
        SET @Sizes = @@ROWCOUNT;

        DELETE FROM dbo.[STG_MON_CustMasterSchedule] WHERE stg_id IN (SELECT stg_id FROM @Over);
        SET @Orders = @@ROWCOUNT;

        DELETE batch
        FROM dbo.[MON_BatchProcessing] AS batch
        WHERE batch.status IN ('COMPLETED', 'COMPLETED_WITH_ERRORS', 'FAILED', 'ROLLED_BACK') AND batch.end_time < @Cutoff
            AND NOT EXISTS (SELECT 1 FROM dbo.[STG_MON_CustMasterSchedule] AS r WHERE r.stg_batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM dbo.[STG_MON_CustMasterSchedule_Subitems] AS r WHERE r.stg_batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM dbo.[ARC_STG_MON_CustMasterSchedule] AS r WHERE r.stg_batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] AS r WHERE r.stg_batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM dbo.[ERR_MON_CustMasterSchedule] AS r WHERE r.batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM dbo.[ERR_MON_CustMasterSchedule_Subitems] AS r WHERE r.batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM dbo.[MON_ApiCall] AS r WHERE r.batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM dbo.[MON_OrderSnapshot] AS r WHERE r.batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM dbo.[MON_SyncIdentity] AS r WHERE r.batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM dbo.[MON_Group] AS r WHERE r.created_by_batch = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM dbo.[MON_OrphanItem] AS r WHERE r.batch_id = batch.batch_id)
            AND NOT EXISTS (SELECT 1 FROM dbo.[MON_Issue] AS r WHERE r.batch_id = batch.batch_id);
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
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

-- Per customer and kind of batch: how many there were in the last @DaysBack days, how they ended, and their rows.
CREATE OR ALTER PROCEDURE dbo.[sp_MON_GetBatchSummary]
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
        SUM(CASE WHEN status = 'COMPLETED' THEN 1 ELSE 0 END) AS completed_batches,
        SUM(CASE WHEN status = 'COMPLETED_WITH_ERRORS' THEN 1 ELSE 0 END) AS completed_with_errors_batches,
        SUM(CASE WHEN status = 'FAILED' THEN 1 ELSE 0 END) AS failed_batches,
        SUM(CASE WHEN status = 'ROLLED_BACK' THEN 1 ELSE 0 END) AS rolled_back_batches,
        SUM(CASE WHEN status NOT IN ('COMPLETED', 'COMPLETED_WITH_ERRORS', 'FAILED', 'ROLLED_BACK') THEN 1 ELSE 0 END) AS active_batches,
        SUM(total_records) AS total_records,
        SUM(successful_records) AS successful_records,
        SUM(failed_records) AS failed_records,
        AVG(CAST(duration_seconds AS FLOAT)) AS average_duration_seconds
    FROM dbo.[MON_BatchProcessing]
    WHERE (@CustomerName IS NULL OR customer_name = @CustomerName)
        AND start_time >= DATEADD(DAY, -@DaysBack, SYSUTCDATETIME())
    GROUP BY customer_name, batch_type
    ORDER BY customer_name, batch_type;
END;
GO
IF @@TRANCOUNT = 0
    SET NOEXEC ON;
GO

COMMIT TRANSACTION;
GO

DECLARE @version INT = (SELECT MAX([version]) FROM dbo.[MON_SchemaVersion]);
PRINT CONCAT(N'The tables are of version ', @version, CASE WHEN @version < 6 THEN N', not of 6: see above, or run order-sync schema deploy.' ELSE N'.' END);
GO
SET NOEXEC OFF;
GO

