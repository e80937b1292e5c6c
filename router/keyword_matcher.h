#ifndef ARBSTR_ROUTER_KEYWORD_MATCHER_H_
#define ARBSTR_ROUTER_KEYWORD_MATCHER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "router/policy.h"

namespace arbstr::router {

// Finds the keywords of all rules in one pass over the text (Aho-Corasick), in time linear in the text's
// length, however many keywords there are. ASCII letters match in either case.
class KeywordMatcher {
 public:
  explicit KeywordMatcher(std::span<const PolicyRule> rules);

  // Whether some rule has a keyword to look for.
  bool empty() const { return rule_.size() == 1; }

  // The position of the first rule with a keyword that occurs in `text`.
  std::optional<std::size_t> FirstRule(std::string_view text) const;

 private:
  static constexpr std::uint32_t kNoRule = 0xffffffff;

  std::uint32_t Next(std::uint32_t state, char byte) const {
    return next_[state * classes_ + class_[static_cast<unsigned char>(byte)]];
  }
  bool MayBegin(char first, char second) const {
    return may_begin_[class_[static_cast<unsigned char>(first)] * classes_ +
                      class_[static_cast<unsigned char>(second)]] != 0;
  }
  void AddClasses(std::string_view keyword);
  void AddKeyword(std::string_view keyword, std::uint32_t rule);
  void LinkFailures();

  // Bytes that no keyword has share class 0; a letter's two cases share one: small tables stay in cache.
  std::array<std::uint8_t, 256> class_{};
  std::uint32_t classes_ = 1;
  std::vector<std::uint32_t> rule_{kNoRule};  // by state: the first rule with a keyword that ends there
  std::vector<std::uint32_t> next_;           // by state and class
  // By the classes of two successive bytes: whether a keyword begins with them. Outside of any match, which
  // is most of a text, asking this is quicker than stepping from state to state.
  std::vector<std::uint8_t> may_begin_;
  std::uint32_t first_rule_ = kNoRule;  // no earlier rule has keywords: finding it ends the search
};

}  // namespace arbstr::router

#endif  // ARBSTR_ROUTER_KEYWORD_MATCHER_H_
