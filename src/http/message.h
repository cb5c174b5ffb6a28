// A request and its response, as handlers see them.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace omashu::http {

enum class Method : uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };

std::string_view method_name(Method method);

struct Field {
  std::string name;  // of a request in small letters
  std::string value;
};

struct Request {
  Method method = Method::kGet;
  std::string target;  // as sent: "/subjects/a%2Fb?deleted=true"
  std::vector<Field> fields = {};
  std::string body = {};
  std::string client = {};  // its address, without the port
  std::string user = {};    // who has logged in; "" where nobody needs to

  std::string_view path() const;   // "/subjects/a%2Fb"
  std::string_view query() const;  // "deleted=true"

  // The first of that name (in small letters); "" where there is none.
  std::string_view field(std::string_view name) const;

  // A member of the query, decoded; nothing where there is none.
  std::optional<std::string> query_value(std::string_view name) const;
  std::vector<std::string> query_values(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type = {};  // "" with no body
  std::string body = {};
  std::vector<Field> fields = {};  // beside Content-Type, Content-Length, Date and Connection
};

std::string_view reason_phrase(int status);

// "%2F" and its like as the bytes that they stand for; nothing where a percent sign stands for none. A plus sign is a
// blank where `plus_is_blank`, as in queries.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_blank);

}  // namespace omashu::http
