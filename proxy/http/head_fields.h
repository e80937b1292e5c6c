// The fields of one message's head, in order, in one piece of memory: Beast's own container costs two
// allocations and a tree's node a field.
#ifndef ARBSTR_PROXY_HTTP_HEAD_FIELDS_H_
#define ARBSTR_PROXY_HTTP_HEAD_FIELDS_H_

#include <boost/beast/core/string.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace arbstr::proxy {

// Field names are compared without regard to case (RFC 9110 §5.1).
inline bool SameName(std::string_view a, std::string_view b) {
  return a.size() == b.size() && boost::beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

class HeadFields {
 public:
  void Add(std::string_view name, std::string_view value) {
    if (fields_.empty()) {
      fields_.reserve(12);
      text_.reserve(512);
    }
    fields_.push_back({text_.size(), name.size(), value.size()});
    text_.append(name).append(value);
  }

  struct Field {
    std::string_view name, value;
  };
  size_t size() const { return fields_.size(); }
  // Its views end with the next Add.
  Field operator[](size_t index) const {
    const Place& place = fields_[index];
    const std::string_view text = text_;
    return {text.substr(place.at, place.name), text.substr(place.at + place.name, place.value)};
  }

  // The first of that name, or size().
  size_t Find(std::string_view name) const {
    size_t index = 0;
    while (index < size() && !SameName((*this)[index].name, name)) ++index;
    return index;
  }
  size_t Count(std::string_view name) const {
    size_t count = 0;
    for (size_t index = 0; index < size(); ++index) count += SameName((*this)[index].name, name) ? 1 : 0;
    return count;
  }

 private:
  struct Place {
    size_t at, name, value;
  };
  std::string text_;
  std::vector<Place> fields_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_HTTP_HEAD_FIELDS_H_
