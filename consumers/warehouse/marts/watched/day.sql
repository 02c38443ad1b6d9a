-- The day of the build, in Vietnam: for marts that read the clock.
SELECT (current_setting('hagiang.now')::timestamptz AT TIME ZONE 'Asia/Ho_Chi_Minh')::date::text
