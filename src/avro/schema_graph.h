// What the handles on one parsed schema share. Private to this folder.

#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "avro/schema.h"

namespace omashu::avro {

struct Schema::Graph {
  std::deque<Node> nodes;  // a deque: nodes point at each other
  std::map<std::string, const Node*, std::less<>> definitions;
  std::vector<std::string> external_names;
  std::vector<std::shared_ptr<const Graph>> references;  // keeps alive what `nodes` points into
};

}  // namespace omashu::avro
