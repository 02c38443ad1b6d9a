-- Loads that broke and that no later load of the event has made good.
SELECT l.load_id, l.event, l.topic
FROM ledger.load AS l
WHERE l.state = 'broken'
  AND NOT EXISTS (SELECT FROM ledger.load AS later
                  WHERE later.event = l.event AND later.load_id > l.load_id AND later.state = 'published'
                    AND later.kind = 'load')
