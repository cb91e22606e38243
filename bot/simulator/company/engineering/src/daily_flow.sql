-- Daily flow per site: the only figures that leave a customer's region.
--
-- Runs at 00:20 UTC from the scheduler `nightly`. Readings of quality 'suspect' or 'bad' are left out.
-- A day counts only if at least 80 % of the expected readings are there (one reading every 10 seconds = 8,640 a day);
-- otherwise the row is written with complete = false and Tideboard draws it grey.

INSERT INTO daily_flow (site_id, day, mean_speed, peak_speed, flood_hours, complete)
SELECT
    s.site_id,
    date_trunc('day', r.measured_at)::date                        AS day,
    round(avg(abs(r.speed))::numeric, 3)                          AS mean_speed,   -- m/s
    round(max(abs(r.speed))::numeric, 3)                          AS peak_speed,   -- m/s
    round(count(*) FILTER (WHERE r.speed > 0) * 10 / 3600.0, 2)   AS flood_hours,  -- water running in
    count(*) >= 0.8 * 8640                                        AS complete
FROM readings AS r
JOIN sensors AS s USING (sensor_id)
WHERE r.quality = 'good'
  AND r.measured_at >= date_trunc('day', now()) - interval '1 day'
  AND r.measured_at <  date_trunc('day', now())
GROUP BY s.site_id, 2
ON CONFLICT (site_id, day) DO UPDATE
SET mean_speed = excluded.mean_speed,
    peak_speed = excluded.peak_speed,
    flood_hours = excluded.flood_hours,
    complete = excluded.complete;
