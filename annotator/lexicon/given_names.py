"""Given names that are nearly always a man's, or nearly always a woman's."""

from __future__ import annotations

from annotator.lexicon.word_lists import words_of

MEN = words_of(
    """
    abdul abdullah abraham adam adel adnan ahmad ahmed akbar alan albert alberto alejandro
    alexander alexei ali alistair allan amir anatoly andre andreas andrei andres andrew andy
    anthony antonio anwar arnold arthur asad ashraf barack bashar ben benedict benjamin benyamin
    bernard bernie bill bob boris brad brandon brendan brett brian bruce bryan carl carlos cesar
    charles christian christopher chuck claude colin craig cyril daniel dave david dennis derek
    dick diego dimitri dmitry dominic donald doug douglas duncan edgar eduardo edward edwin
    emmanuel enrique eric erik ernest ernesto eugene evan everett evo faisal farid farouk felipe
    felix ferhad fernando fidel francisco frank franz fred frederick gary gavin geoffrey george
    gerald gerhard gilbert giovanni giuseppe glen glenn gordon graham greg gregory guillermo
    gustavo guy hafez hamid hans harold harry harvey hassan hector heinrich helmut henry herbert
    hosni howard hubert hugh hugo hussein ian ibrahim igor imran isaac ismail ivan jack jacob
    jacques jair jake jakob james jared jason javier jeff jeffrey jeremy jerome jerry jesus jim
    jimmy joaquin joe joel johan johann john johnny jon jonas jonathan jorge jose josef joseph
    joshua juan julian julius justin karim karl keith kenneth kevin khaled khalid klaus konrad
    kurt kyle larry lars laurent lawrence leo leonard leonid lewis lloyd louis lucas luis luke
    mahmoud malcolm manuel marc marcel marco marcus mario mark martin marwan matt matteo matthew
    maurice mauricio max maxim michael miguel mike mikhail mitch mitt mohamed mohammad mohammed
    moses muhammad mustafa nathan neil nelson nicholas nicolas nigel nikita nikolai norman oleg
    oliver omar osama oscar pablo patrick paul pedro peter philip philippe pierre qasem rafael
    ralph ramon raul raymond recep ricardo richard rick robert roberto rodrigo roger roland
    ronald roy rudy russell salman salvador sam samir samuel scott sean sebastian sergei sergey
    sergio seth simon stanley stefan stephen steve steven stuart tariq ted terrence terry thomas
    tim timothy todd tom tommy tony trevor vicente victor viktor vincent vladimir volodymyr
    walid walter wayne wilhelm william yasser yusuf
    """
)
WOMEN = words_of(
    """
    abigail agnes aisha alejandra alexandra alexandria alice alicia alison amanda amelia amina
    amy ana angela anita ann anna anne annette annie april barbara beatrice beatriz becky
    berivan beth betty beverly bridget camila carla carmen carol caroline carolyn catherine
    cecilia charlotte christina christine claire clara claudia condoleezza crystal cynthia
    daniela dawn deborah debra denise diana diane dilma dolores donna dorothy edith eileen
    eleanor elena elisabeth elise elizabeth ella ellen emily emma erica erin esther eva evelyn
    fatima felicity fiona florence frances francesca gabriela gail georgia gina giorgia gladys
    gloria grace greta hanan hannah heather heidi helen helena helga hillary huma ines ingrid
    irene irina isabel isabella ivanka jackie jacqueline jane janet janice jasmine jeanne
    jennifer jenny jessica jiyan joan joanna josephine joyce judith judy julia juliana julie
    june kamala karen kate katherine kathleen kathy katie katrina kellyanne kimberly kirsten
    kristen laura lauren laurie leila lena leonor leticia lilian liliana linda lisa liz lois
    loretta louise lucia lucy luisa lydia lynn madeleine margaret margarita maria mariana marie
    marina marine marion marjorie martha mary maureen megan melania melanie melissa mercedes
    michelle miranda miriam molly monica muna nadia nancy naomi natalia natalie natasha nicola
    nicole nikki nina nisrin nora norma olga olivia ophelia pamela patricia paula pauline penny
    phyllis priscilla rachel rebecca renee rhonda rita roberta rosa rosemary roxana ruth sabrina
    samantha sandra sara sarah sharon sheila shirley silvia sofia sonia sophia sophie stacey
    stephanie sue susan susana suzanne svetlana sylvia tamara tammy tara tatiana teresa theresa
    tina tulsi ursula valentina valerie vanessa vera veronica victoria virginia vivian wendy
    ximena yolanda yvonne zainab zoe
    """
)
