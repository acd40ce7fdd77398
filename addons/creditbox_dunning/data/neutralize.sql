-- no SMS of a copy for tests may leave
UPDATE creditbox_provider SET sms_url = NULL, sms_secret = NULL;
