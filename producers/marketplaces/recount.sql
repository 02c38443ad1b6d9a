-- Orders of one shop as the warehouse has them, at their latest step.
--
-- Of the numbers that the platform gives for a day, and of those first heard of on that day.
WITH step AS (
    SELECT
        order_id,
        total_vnd,
        status,
        occurred_at,
        row_number() OVER (PARTITION BY order_id ORDER BY occurred_at DESC, kafka_offset DESC) AS latest
    FROM core.order_status_changed
    WHERE platform = :platform AND shop_id = :shop_id
)

SELECT
    order_id,
    max(total_vnd) FILTER (WHERE latest = 1) AS total_vnd,
    max(status) FILTER (WHERE latest = 1) AS status
FROM step
GROUP BY order_id
HAVING
    order_id = ANY(:order_ids)
    OR (min(occurred_at) >= :since AND min(occurred_at) < :until)
ORDER BY order_id
