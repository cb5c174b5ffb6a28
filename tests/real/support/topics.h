// Topics and registered schemas on the shared servers, made with other tools than omashu's own.

#pragma once

#include <string>
#include <vector>

namespace omashu::real {

struct NewTopic {
  std::string name;
  int partitions = 1;
  bool is_compacted = true;
};

// The name again. Throws where it fails: GoogleTest reports the test as failed, with the reason.
std::string make_topic(const NewTopic& topic);
void register_schema(const std::string& subject, const std::string& schema);

// The lines of a text, without their ends.
std::vector<std::string> lines_of(const std::string& text);

}  // namespace omashu::real
