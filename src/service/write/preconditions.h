// If-Match and If-None-Match of a write (RFC 9110, section 13): the record that a row must come from, or must not.
//
// A row's entity tag is its record's place: "status-download-2-17". Of a write, If-Match compares strongly, so that a
// weak tag (W/"…") never matches; If-None-Match compares weakly.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "service/problem.h"
#include "service/write/new_record.h"

namespace omashu::service {

class Preconditions {
 public:
  // What is no list of tags is refused: a condition that is not understood must not be passed over.
  static Answer<Preconditions> parse(const http::Request& request);

  bool is_empty() const { return !match_ && !none_match_; }

  // Why the row does not suit. `topic` makes its tag.
  std::optional<Problem> check(std::string_view topic, const RowPtr& row) const;

  // The records of the topic that If-Match names: a row is judged once the table has read them.
  std::vector<table::Position> positions(std::string_view topic) const;

 private:
  struct Tag {
    std::string text;  // with its quotes
    bool is_weak = false;
  };
  struct Tags {
    bool is_any = false;  // *
    std::vector<Tag> tags;
  };

  static Answer<std::optional<Tags>> parse_field(const http::Request& request, std::string_view name,
                                                 std::string_view shown_name);

  std::optional<Tags> match_, none_match_;
};

// "\"status-download-2-17\""
std::string entity_tag(std::string_view topic, const table::Position& position);

}  // namespace omashu::service
