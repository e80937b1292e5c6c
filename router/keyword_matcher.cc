#include "router/keyword_matcher.h"

#include <algorithm>

namespace arbstr::router {
namespace {

constexpr std::uint32_t kRoot = 0;

unsigned char Lower(char c) { return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }

}  // namespace

KeywordMatcher::KeywordMatcher(std::span<const PolicyRule> rules) {
  for (const PolicyRule& rule : rules) {
    for (const std::string& keyword : rule.keywords) AddClasses(keyword);
  }
  for (int upper = 'A'; upper <= 'Z'; ++upper) class_[upper] = class_[upper - 'A' + 'a'];
  next_.resize(classes_, kRoot);
  may_begin_.resize(classes_ * classes_, 0);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    for (const std::string& keyword : rules[i].keywords) AddKeyword(keyword, static_cast<std::uint32_t>(i));
  }
  LinkFailures();
}

std::optional<std::size_t> KeywordMatcher::FirstRule(std::string_view text) const {
  std::uint32_t best = kNoRule;
  std::uint32_t state = kRoot;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (state == kRoot) {
      while (i + 1 < text.size() && !MayBegin(text[i], text[i + 1])) ++i;
    }
    state = Next(state, text[i]);
    best = std::min(best, rule_[state]);
    if (best == first_rule_) break;
  }
  if (best == kNoRule) return std::nullopt;
  return best;
}

void KeywordMatcher::AddClasses(std::string_view keyword) {
  for (const char byte : keyword) {
    std::uint8_t& cls = class_[Lower(byte)];
    if (cls == 0) cls = static_cast<std::uint8_t>(classes_++);
  }
}

void KeywordMatcher::AddKeyword(std::string_view keyword, std::uint32_t rule) {
  if (keyword.empty()) return;
  const std::uint32_t first = class_[static_cast<unsigned char>(keyword[0])];
  for (std::uint32_t second = 0; second < classes_; ++second) {
    const bool fits = keyword.size() == 1 || second == class_[static_cast<unsigned char>(keyword[1])];
    if (fits) may_begin_[first * classes_ + second] = 1;
  }
  std::uint32_t state = kRoot;
  for (const char byte : keyword) {
    const std::size_t edge = state * classes_ + class_[static_cast<unsigned char>(byte)];
    if (next_[edge] == kRoot) {
      next_[edge] = static_cast<std::uint32_t>(rule_.size());
      rule_.push_back(kNoRule);
      next_.resize(next_.size() + classes_, kRoot);
    }
    state = next_[edge];
  }
  rule_[state] = std::min(rule_[state], rule);
  first_rule_ = std::min(first_rule_, rule);
}

// Breadth first: an edge that the tree lacks becomes the one of the longest proper suffix, which is shorter
// and thus complete; a state also reports what ends with that suffix.
void KeywordMatcher::LinkFailures() {
  std::vector<std::uint32_t> suffix(rule_.size(), kRoot);
  std::vector<std::uint32_t> queue{kRoot};
  for (std::size_t head = 0; head < queue.size(); ++head) {
    const std::uint32_t state = queue[head];
    rule_[state] = std::min(rule_[state], rule_[suffix[state]]);
    for (std::uint32_t cls = 0; cls < classes_; ++cls) {
      std::uint32_t& edge = next_[state * classes_ + cls];
      const std::uint32_t fallback = state == kRoot ? kRoot : next_[suffix[state] * classes_ + cls];
      if (edge == kRoot) {
        edge = fallback;
      } else {
        suffix[edge] = fallback;
        queue.push_back(edge);
      }
    }
  }
}

}  // namespace arbstr::router
