-- Tells Vigil at once when a study is complete (no new image for `StableAge` seconds).
-- Vigil finds every study by itself too; this only saves the wait until its next look.
--
-- Settings, from the environment of Orthanc:
--   VIGIL_HOOK_URL     e.g. http://127.0.0.1:8077/api/hooks/orthanc
--   VIGIL_HOOK_SECRET  the same as `server.hookSecret` of Vigil
local url = os.getenv("VIGIL_HOOK_URL")
local secret = os.getenv("VIGIL_HOOK_SECRET")

function OnStableStudy(studyId, tags, metadata, origin)
   if url == nil or url == "" then
      return
   end
   local body = { event = "stable-study", studyInstanceUid = tags["StudyInstanceUID"], orthancId = studyId }
   local headers = { ["content-type"] = "application/json", ["x-vigil-secret"] = secret or "" }
   -- Vigil may be down: that is no reason for an error in Orthanc's own work.
   pcall(HttpPost, url, DumpJson(body, true), headers)
end
