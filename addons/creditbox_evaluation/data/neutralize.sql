-- no customer's data leave a copy for tests, and nothing is bought by it
UPDATE creditbox_provider SET info_method = 'file', info_url = NULL, info_secret = NULL;
