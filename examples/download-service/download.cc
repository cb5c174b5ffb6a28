#include "download-service/download.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <strings.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "omashu/file_digest.h"

namespace fs = std::filesystem;

namespace {

// What an attempt has met so far.
struct Attempt {
  const Download& download;
  const OnProgress& on_progress;
  const fs::path part = download.file.string() + ".part", etag_file = download.file.string() + ".etag";
  CURL* curl = curl_easy_init();
  int file = open(part.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644);
  int64_t bytes = 0;  // in the file
  std::optional<int64_t> total = {};
  bool is_begun = false;     // the first bytes of the answer have come
  std::string failure = {};  // of the disk

  ~Attempt() {
    curl_easy_cleanup(curl);
    close(file);
  }

  // The first bytes say whether the server goes on where the file ends (206) or begins anew.
  void begin() {
    long status = 0;
    curl_off_t length = -1;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    if (status != 206) {
      bytes = 0;
      if (ftruncate(file, 0) != 0) failure = std::strerror(errno);
      curl_header* etag = nullptr;
      const bool has_etag = curl_easy_header(curl, "ETag", 0, CURLH_HEADER, -1, &etag) == CURLHE_OK;
      std::ofstream(etag_file) << (has_etag ? etag->value : "");
    }
    if (length >= 0) total = bytes + length;
    is_begun = true;
  }

  // A file that is not what it should be is of no use for the next attempt.
  Outcome start_over(const std::string& reason) const {
    std::error_code ignored;
    for (const fs::path& file : {part, etag_file}) fs::remove(file, ignored);
    return {Outcome::kTryAgain, reason};
  }
};

size_t on_body(char* data, size_t, size_t size, void* context) {
  auto& attempt = *static_cast<Attempt*>(context);
  if (!attempt.is_begun) attempt.begin();
  for (size_t written = 0; attempt.failure.empty() && written < size;) {
    const ssize_t count = write(attempt.file, data + written, size - written);
    if (count < 0 && errno != EINTR) attempt.failure = std::strerror(errno);  // a full disk among others
    if (count > 0) written += static_cast<size_t>(count);
  }
  attempt.bytes += static_cast<int64_t>(size);
  return attempt.failure.empty() ? size : CURL_WRITEFUNC_ERROR;
}

// Several times a second, also while nothing comes.
int on_tick(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& attempt = *static_cast<Attempt*>(context);
  return attempt.on_progress(attempt.bytes, attempt.total) ? 0 : 1;
}

Outcome judge(Attempt& attempt, CURLcode code, const std::string& message) {
  if (code == CURLE_OK && !attempt.is_begun) attempt.begin();  // an empty file
  if (!attempt.failure.empty()) return {Outcome::kTryAgain, "the disk: " + attempt.failure};
  if (code == CURLE_ABORTED_BY_CALLBACK) return {Outcome::kStopped, "", attempt.bytes};
  if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL) return {Outcome::kNever, message};
  long status = 0;
  curl_easy_getinfo(attempt.curl, CURLINFO_RESPONSE_CODE, &status);
  if (code == CURLE_HTTP_RETURNED_ERROR) {
    if (status == 416) return attempt.start_over(message);  // the file has become shorter
    const bool may_pass = status == 408 || status == 425 || status == 429 || status >= 500;
    return {may_pass ? Outcome::kTryAgain : Outcome::kNever, message};
  }
  if (code != CURLE_OK) return {Outcome::kTryAgain, message};
  const auto& wanted = attempt.download.sha256;
  const auto sum = omashu::sha256_text_of_file(attempt.part);
  if (attempt.total && attempt.bytes != *attempt.total) return attempt.start_over("not as long as the server said");
  if (wanted && strcasecmp(sum.value_or("").c_str(), wanted->c_str()) != 0) {
    return attempt.start_over("its SHA-256 is not the one that was given");
  }
  std::error_code failed;
  if (fsync(attempt.file) == 0) fs::rename(attempt.part, attempt.download.file, failed);
  if (!fs::exists(attempt.download.file)) return {Outcome::kTryAgain, "the disk does not take it"};
  fs::remove(attempt.etag_file, failed);
  return {Outcome::kDone, "", attempt.bytes};
}

}  // namespace

Outcome run_download(const Download& download, const OnProgress& on_progress) {
  std::error_code failed;
  // Whole files alone have this name: an earlier life of the service ended before it could say so.
  if (fs::exists(download.file, failed))
    return {Outcome::kDone, "", static_cast<int64_t>(fs::file_size(download.file))};
  fs::create_directories(download.file.parent_path(), failed);
  Attempt attempt{.download = download, .on_progress = on_progress};
  if (attempt.file < 0) return {Outcome::kTryAgain, "the disk: " + attempt.part.string() + ": " + std::strerror(errno)};
  attempt.bytes = lseek(attempt.file, 0, SEEK_END);
  std::string etag;
  std::ifstream(attempt.etag_file) >> etag;
  const bool goes_on = attempt.bytes > 0 && !etag.empty();  // the rest, if it is still the same file
  curl_slist* headers = goes_on ? curl_slist_append(nullptr, ("If-Range: " + etag).c_str()) : nullptr;
  char message[CURL_ERROR_SIZE] = "";
  const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(attempt.curl, option, value); };
  set(CURLOPT_URL, download.url.c_str());
  set(CURLOPT_HTTPHEADER, headers);
  if (goes_on) set(CURLOPT_RANGE, (std::to_string(attempt.bytes) + "-").c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  for (const CURLoption option : {CURLOPT_FOLLOWLOCATION, CURLOPT_FAILONERROR, CURLOPT_NOSIGNAL}) set(option, 1L);
  set(CURLOPT_CONNECTTIMEOUT, 10L);
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, download.stall_seconds);
  set(CURLOPT_ERRORBUFFER, +message);
  set(CURLOPT_WRITEFUNCTION, on_body);
  set(CURLOPT_XFERINFOFUNCTION, on_tick);
  set(CURLOPT_NOPROGRESS, 0L);
  for (const CURLoption option : {CURLOPT_WRITEDATA, CURLOPT_XFERINFODATA}) set(option, &attempt);
  const CURLcode code = curl_easy_perform(attempt.curl);
  curl_slist_free_all(headers);
  return judge(attempt, code, *message != '\0' ? message : curl_easy_strerror(code));
}
