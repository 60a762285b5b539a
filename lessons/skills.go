package lessons

import (
	"strings"

	"esmlab/quiz/card"
)

// SkillNames writes skills as AWS's exam guide numbers them, with what they are
// about: "1.2.4 event source mappings and destinations".
func SkillNames(skills []string) string {
	var out []string
	for _, s := range skills {
		out = append(out, SkillNumber(s)+" "+card.Skills[s])
	}
	return strings.Join(out, ", ")
}

// SkillNumbers writes the numbers of skills alone.
func SkillNumbers(skills []string) string {
	var out []string
	for _, s := range skills {
		out = append(out, SkillNumber(s))
	}
	return strings.Join(out, ", ")
}

// SkillNumber is the number of a skill in AWS's exam guide: 1.2.4 for c03-1-2-4.
func SkillNumber(skill string) string {
	_, number, _ := strings.Cut(skill, "-")
	return strings.ReplaceAll(number, "-", ".")
}
