#include "sink/dynamodb/signature.h"

#include <fmt/core.h>

#include "base/digest.h"

namespace omashu::sink::dynamodb {

namespace {

std::string hmac(std::string_view key, std::string_view bytes) {
  const auto code = hmac_sha256(key, bytes);
  return {reinterpret_cast<const char*>(code.data()), code.size()};
}

}  // namespace

std::string amz_date(std::chrono::system_clock::time_point time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(seconds - day);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::string Signer::authorization(const RequestToSign& request, const Credentials& credentials,
                                  std::string_view amz_date) {
  std::string canonical = fmt::format("{}\n{}\n{}\n", request.method, request.path, request.query);
  std::string names;
  for (const auto& [name, value] : request.headers) {
    canonical += fmt::format("{}:{}\n", name, value);
    names += (names.empty() ? "" : ";") + name;
  }
  canonical += fmt::format("\n{}\n{}", names, to_hex(sha256(request.body)));

  const std::string_view date = amz_date.substr(0, 8);
  const std::string scope = fmt::format("{}/{}/{}/aws4_request", date, region_, service_);
  const std::string to_sign = fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", amz_date, scope, to_hex(sha256(canonical)));
  return fmt::format("AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}", credentials.access_key_id,
                     scope, names, to_hex(hmac_sha256(signing_key(credentials.secret_access_key, date), to_sign)));
}

const std::string& Signer::signing_key(const std::string& secret, std::string_view date) {
  if (key_secret_ != secret || key_date_ != date) {
    key_ = hmac(hmac(hmac(hmac("AWS4" + secret, date), region_), service_), "aws4_request");
    key_secret_ = secret;
    key_date_ = date;
  }
  return key_;
}

}  // namespace omashu::sink::dynamodb
