// The fields of one message's head, in order, in one piece of memory: Beast's own container costs two
// allocations and a tree's node a field.
#ifndef ARBSTR_PROXY_HTTP_HEAD_FIELDS_H_
#define ARBSTR_PROXY_HTTP_HEAD_FIELDS_H_

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "proxy/http/ascii.h"

namespace arbstr::proxy {

// The same number for two that are the same name but for the case of letters, and rarely for others: to tell
// most names apart by one comparison.
constexpr uint32_t NameKey(std::string_view name) {
  if (name.empty()) return 0;
  const auto folded = [](char c) { return static_cast<uint32_t>(static_cast<unsigned char>(c) | 0x20); };
  return static_cast<uint32_t>(name.size()) << 16 | folded(name.front()) << 8 | folded(name.back());
}

class HeadFields {
 public:
  // A text that is kept here.
  struct Part {
    uint32_t at = 0, size = 0;
  };
  Part Keep(std::string_view text) {
    const Part part{static_cast<uint32_t>(text_.size()), static_cast<uint32_t>(text.size())};
    text_.resize(text_.size() + text.size(), boost::container::default_init);
    text.copy(text_.data() + part.at, text.size());
    return part;
  }
  // Ends with the next Keep or Add.
  std::string_view View(Part part) const { return {text_.data() + part.at, part.size}; }

  void Add(std::string_view name, std::string_view value) {
    fields_.push_back({NameKey(name), Keep(name), Keep(value)});
  }

  struct Field {
    std::string_view name, value;
  };
  size_t size() const { return fields_.size(); }
  // Its views end with the next Keep or Add.
  Field operator[](size_t index) const { return {View(fields_[index].name), View(fields_[index].value)}; }

  // The first of that name at `from` or behind it, or size().
  size_t Find(std::string_view name, size_t from = 0) const {
    const uint32_t key = NameKey(name);
    size_t index = from;
    while (index < size() &&
           !(fields_[index].key == key && EqualsIgnoringCase(View(fields_[index].name), name)))
      ++index;
    return index;
  }
  size_t Count(std::string_view name) const {
    size_t count = 0;
    for (size_t index = 0; (index = Find(name, index)) < size(); ++index) ++count;
    return count;
  }

 private:
  struct Place {
    uint32_t key;
    Part name, value;
  };
  // A small head has room in them here, without an allocation of its own.
  boost::container::small_vector<char, 256> text_;
  boost::container::small_vector<Place, 12> fields_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_HTTP_HEAD_FIELDS_H_
