// Writes a graph of nodes as text without recursion: named types may chain far deeper than any one text nests.
// Private to this folder.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "avro/schema.h"

namespace omashu::avro {

// What is still to be written: pieces of text, and nodes inside a namespace, which expand into more of both.
class TextBuilder {
 public:
  // `expand(node, name_space)` puts a node's pieces, by text() and add_node(), in the order of the text.
  template <class Expand>
  std::string build(const Node& root, Expand expand) {
    pending_.push_back({.text = {}, .node = &root, .name_space = {}});
    while (!pending_.empty()) {
      const Piece piece = std::move(pending_.back());
      pending_.pop_back();
      out_ += piece.text;
      if (piece.node == nullptr) continue;
      expand(*piece.node, piece.name_space);
      pending_.insert(pending_.end(), std::make_move_iterator(next_.rbegin()), std::make_move_iterator(next_.rend()));
      next_.clear();
    }
    return std::move(out_);
  }

  // The text that stands before the next node, or last.
  std::string& text() {
    if (next_.empty() || next_.back().node != nullptr) next_.emplace_back();
    return next_.back().text;
  }

  // `name_space` must live as long as the schema.
  void add_node(const Node& node, std::string_view name_space) {
    text();
    next_.back().node = &node;
    next_.back().name_space = name_space;
  }

 private:
  // The text, then the node.
  struct Piece {
    std::string text;
    const Node* node = nullptr;
    std::string_view name_space;
  };

  std::string out_;
  std::vector<Piece> pending_;  // the next one last
  std::vector<Piece> next_;     // of the node that is being expanded
};

}  // namespace omashu::avro
