-- No OCOP product had this code yet on the day of the event. The ratings are the list: a listing that came before its
-- product's rating passes once the rating is loaded.
$field IS NOT NULL AND NOT EXISTS (
    SELECT FROM core.ocop_product_rated AS known
    WHERE known.product_code = $field AND known.rated_on <= ($at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
)
