-- no SMS of a copy for tests may leave
UPDATE creditbox_provider SET sms_url = NULL, sms_secret = NULL;
-- nor may its gateway report to the copy
UPDATE creditbox_provider SET sms_receipt_token = NULL, sms_receipt_secret = NULL;
-- nor any PEC, and the real mailbox is nobody's to read
UPDATE creditbox_provider
   SET pec_server_id = NULL, pec_imap_host = NULL, pec_imap_secret = NULL;
-- nor any letter, and the outsourcer's folder is nobody's to read
UPDATE creditbox_provider
   SET postal_storage_id = NULL, postal_auto = FALSE, postal_delivery = 'download';
