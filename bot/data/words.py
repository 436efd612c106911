"""Lists of words: those that change nothing, those that decide what is asked, and those of other languages.

They stand apart from the search's lists (`integrations/catalogue/search/data`): there a filler is what names no
service, and "كم" is one; here "كم" against "متى" is the very difference between two intents.
"""

from arabic import stem, words

# Politeness, address, "now": the same question with and without them.
FILLERS = frozenset(
    words(
        """
        لو سمحت سمحتم سمحتوا سمحتي فضلك فضلكم رجاء ارجو ارجوك ارجوكم تكرما تكرمت تكرمتم تكرمتوا بالله والله
        السلام سلام عليكم وعليكم ورحمة الله وبركاته مرحبا اهلا هلا صباح مساء الخير حياكم
        يحفظك يحفظكم يخليك يخليكم يعطيك يعطيكم العافية جزاك جزاكم خيرا شكرا مشكور مشكورين
        يا اخي اخوي ياخي يااخي اختي استاذ حبيبي شباب جماعة ياجماعة ياخبره
        طيب تمام اوكي يعني كمان برضو برضه ايضا بس ذلحين ذحين دحين دلحين الحين الان حاليا
        استفسار استفسر سؤال
        please pls plz salam hello hi tayeb tayyeb ya akhi yakhi bas now
        """
    )
)

# What is asked, who or when it is about, and yes against no: two sentences that differ in one of these differ.
_DECIDING = """
    كم بكم قديش قداش ايش اش شو ويش وش وايش ما ماذا ماهو ماهي مو موه ماهوه ليش ليه لماذا اين وين فين منين متى ايمتى ايحين
    كيف كيفية شلون من مين منو هل اي اية ينفع تنفع يجوز يحق يمكن ممكن اقدر
    لا مش مو ليس ليست ما لم لن بدون بلا غير مافي مابش ماشي نعم ايوه
    رسوم رسم تكلفة كلفة سعر ثمن قيمة مبلغ زلط بيس فلوس مجاني مجانا ببلاش يكلف غرامة
    اوراق ورق وثائق وثيقة مستندات متطلبات مطلوب المطلوب شروط شرط لازم يلزم احتاج اجيب احضر صور شهود
    خطوات خطوة اجراءات طريقة الية مراحل اسوي اعمل افعل اقدم تقديم ابدا اطلع اقطع اجدد
    مدة متى يوم ايام اسبوع شهر شهور سنة سنوات سنين ساعة موعد مواعيد مهلة صلاحية يجهز تجهز جاهز يخلص ينتهي تاخر
    مكان مقر عنوان موقع رابط فرع جهة مكتب مبنى اروح اسير
    دوام يفتح يفتحوا فاتح مفتوح مغلق عطلة اجازة رمضان الخميس الجمعة السبت
    معلومات معلومة تفاصيل نبذة شرح تعريف معنى حول فائدة فايدة فرق قصة سالفة
    رقم متابعة حالة استعلام نتيجة شكوى موظف
    ابني بنتي زوجتي زوجي ابي امي مولود طفل صغير كبير اجنبي اول جديد قديم تجديد بدل فاقد تالف ضاع ضايع متاخر منتهي
    واحد اثنين ثلاثة اربعة خمسة ستة سبعة ثمانية تسعة عشرة عشرين
    kam bkam bekam esh aish eish wen wain fain mata emta kaif kif kef leh la mish mush men awraq rosoom how where when
    what why
"""
DECIDING = frozenset(words(_DECIDING)) | frozenset(map(stem, words(_DECIDING)))

# English and French words that are in most sentences of theirs and are no Arabic words in Latin letters
# ("la", "le", "men", "hal", "an" are).
FOREIGN = frozenset(
    """
    the a is are was were am be been do does did can could will would should must may have has had i you he she it we
    they my your his her our their this that these those there here what when where who which why how much many long
    to of for from in on at by with without about into and or but not no yes if then than as so very just only also
    need want get give take make go come know tell help please thanks thank you use find pay cost price time day month
    year work office passport card license licence permit document documents paper papers fee fees apply renew issue
    open close someone person real talk speak call write explain me you them us good best new today tomorrow now hello
    i'm don't can't what's it's english service services government list question answer problem money phone number
    je tu il elle nous vous ils elles est suis sont sommes etes être être ai avez avons ont les des du une un et ou mais
    pas pour dans sur avec sans chez que qui quoi quand comment combien pourquoi où mon ma mes votre vos notre ce cette
    faire faut peut peux veux voudrais besoin carte passeport papiers documents coûte coute prix bonjour merci
    s'il vous plaît plait
    """.split()
) - frozenset({"ma", "an", "il"})

# Any of these makes a sentence in Latin letters Arabic.
LATIN_ARABIC = frozenset(
    """
    el al fi fe fel lel l li men min mn ila ela wala wella walla aw esh aish eish aysh ash wesh kam kem bekam
    bkam wen wain wayn fain fen fein ayn kif kef kaif keef kayf mata emta hal ana ani anta enta hada hatha hathi ashti
    abgha abi ibni law lw bas ya w 3ala haq hag
    """.split()
)
